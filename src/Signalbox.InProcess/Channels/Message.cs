using System.Text.Json.Serialization.Metadata;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Deliveries;

namespace Signalbox.InProcess;

/// <summary>A message of a channel, or a broadcast.</summary>
/// <param name="Channel">Empty for a broadcast.</param>
/// <param name="Position">Where it stands, to go on from there another time; null for a broadcast.</param>
/// <param name="Time">When it was published; null for a broadcast.</param>
/// <param name="Source">Who sent it: an address and port, or the name of an app.</param>
/// <param name="IsRetained">Whether it is the channel's value, told to a new subscriber, and not news.</param>
public sealed record Message(
    string Channel,
    Payload Value,
    ChannelPosition? Position,
    DateTimeOffset? Time,
    string Source,
    Headers Headers,
    bool IsRetained)
{
    /// <summary>Its number in the channel; 0 for a broadcast.</summary>
    public long Offset => Position?.Offset ?? 0;

    /// <summary>The JSON or the text; of bytes their base64.</summary>
    public string Text => Value.Text;

    public T? As<T>(JsonTypeInfo<T> typeInfo) => Value.As(typeInfo);

    internal static Message Of(string channel, string epoch, Core.Channels.Message message, bool isRetained) => new(
        channel,
        message.Payload,
        new ChannelPosition(epoch, message.Offset),
        message.Time,
        message.Source,
        message.Headers,
        isRetained);

    internal static Message Of(BroadcastDelivery broadcast) =>
        new("", broadcast.Payload, null, null, broadcast.Source, broadcast.Headers, IsRetained: false);
}
