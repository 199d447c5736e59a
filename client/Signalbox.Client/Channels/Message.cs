using System.Text.Json.Serialization.Metadata;

namespace Signalbox.Client;

/// <summary>A message of a channel, or a broadcast, or what was sent to a user.</summary>
public sealed class Message
{
    /// <summary>The channel; empty for the others.</summary>
    public required string Channel { get; init; }

    public required Payload Value { get; init; }

    /// <summary>Its number in the channel; 0 for a broadcast.</summary>
    public long Offset { get; init; }

    /// <summary>Where it stands, to go on from there another time; null where that is not known: a broadcast, and what
    /// came by a filter alone.</summary>
    public ChannelPosition? Position { get; init; }

    /// <summary>When it was published; null for a broadcast.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Who published it: an address and port.</summary>
    public string Source { get; init; } = "";

    /// <summary>What the sender said beside the value. A name may come more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Whether it is the channel's last value, told to a new subscriber, and not news.</summary>
    public bool IsRetained { get; init; }

    /// <summary>Whether it was sent to this client's user, and not to a channel or to everybody.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The JSON or the text of the value.</summary>
    public string Text => Value.Text;

    public T? As<T>(JsonTypeInfo<T> typeInfo) => Value.As(typeInfo);

    internal static Message Read(Reply reply, string channel, string? epoch) => new()
    {
        Channel = channel,
        Value = reply.Value(),
        Offset = reply.NumberOrNull(ReplyField.Offset) ?? 0,
        Position = epoch is null ? null : new ChannelPosition(epoch, reply.Number(ReplyField.Offset)),
        Time = reply.Has(ReplyField.Time) ? reply.Time(ReplyField.Time) : null,
        Source = reply.Text(ReplyField.Source),
        Headers = reply.Headers(),
        IsRetained = reply.Flag(ReplyField.Retained),
        IsDirect = reply.IsText(ReplyField.Command, "direct"u8),
    };
}
