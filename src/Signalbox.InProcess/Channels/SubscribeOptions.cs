using Signalbox.Core.Channels;

namespace Signalbox.InProcess;

/// <summary>How a subscription begins, and what it holds.</summary>
public sealed record SubscribeOptions
{
    internal static readonly SubscribeOptions Default = new();

    /// <summary>Begin behind this message: what came after it is told first, or a <see cref="Gap"/> where the history
    /// does not reach back that far. Default none: only what is published from now on.</summary>
    public ChannelPosition? Since { get; init; }

    /// <summary>Messages held for a reader that is busy, beside those that it missed before. Default 1024.</summary>
    public int Capacity { get; init; } = 1024;

    /// <summary>What happens when more come. Default what the channel's options say.</summary>
    public SlowReaderPolicy? SlowReader { get; init; }

    /// <summary>Told of each gap, in its place between the messages, by who reads them. Default none.</summary>
    public Action<Gap>? OnGap { get; init; }

    /// <summary>Told who joins and leaves, in the same way, where the channel's options say that it is told. Default
    /// none.</summary>
    public Action<PresenceChange>? OnPresence { get; init; }

    /// <summary>Whether others see the subscriber in presence. Default true.</summary>
    public bool IsPresent { get; init; } = true;
}
