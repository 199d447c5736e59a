using Signalbox.Core.Channels;

namespace Signalbox.InProcess;

/// <summary>Which part of a channel's history.</summary>
public sealed record HistoryOptions
{
    internal static readonly HistoryOptions Default = new();

    /// <summary>Behind this message; in reverse before it. Where it is of another epoch, the answer is error 410; an
    /// empty epoch stands for the present one. Default none: from the oldest, in reverse from the newest.</summary>
    public ChannelPosition? Since { get; init; }

    /// <summary>At most so many messages. Default 1000.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Newest first. Default false.</summary>
    public bool Reverse { get; init; }
}
