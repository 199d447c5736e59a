namespace Signalbox.Client;

/// <summary>How a subscription begins, and what it holds.</summary>
public sealed record SubscribeOptions
{
    /// <summary>Begin behind this message: what came after it is told first, or a <see cref="Gap"/> where the history
    /// does not reach back that far. Default none: only what is published from now on.</summary>
    public ChannelPosition? Since { get; init; }

    /// <summary>Messages held for a busy consumer. Default
    /// <see cref="SignalboxClientOptions.SubscriptionCapacity"/>.</summary>
    public int? Capacity { get; init; }

    /// <summary>Told of each gap, in its place between the messages. Default none.</summary>
    public Action<Gap>? OnGap { get; init; }
}
