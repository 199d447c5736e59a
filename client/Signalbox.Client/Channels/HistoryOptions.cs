namespace Signalbox.Client;

/// <summary>Which part of a channel's history.</summary>
public sealed record HistoryOptions
{
    internal static readonly HistoryOptions Default = new();

    /// <summary>Behind this message; in reverse before it. Where it is of another epoch, the answer is error 410.
    /// Default none: from the oldest, in reverse from the newest.</summary>
    public ChannelPosition? Since { get; init; }

    /// <summary>At most so many messages. Default none: as many as the server gives at a time.</summary>
    public int? Limit { get; init; }

    /// <summary>Newest first. Default false.</summary>
    public bool Reverse { get; init; }
}
