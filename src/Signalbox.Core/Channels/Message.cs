using Signalbox.Core.Payloads;

namespace Signalbox.Core.Channels;

/// <summary>One message of a channel, numbered by its offset.</summary>
/// <param name="Source">Who sent it, as the wire says it: usually the sender's <c>address:port</c>.</param>
/// <param name="Sender">The connection that published it, or null, for subscribers that do not want their own.</param>
/// <param name="Retain">Whether it became the channel's retained last value.</param>
public sealed record Message(
    long Offset,
    DateTimeOffset Time,
    Payload Payload,
    Headers Headers,
    string Source,
    string? Sender,
    bool Retain);
