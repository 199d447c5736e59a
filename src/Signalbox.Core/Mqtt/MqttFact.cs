using Signalbox.Core.Channels;

namespace Signalbox.Core.Mqtt;

/// <summary>Everything that can happen to a session.</summary>
public abstract record MqttFact;

/// <summary>The session begins; or, where a log tells it again, goes on.</summary>
/// <param name="Id">Another one for each session, whatever its client is called.</param>
/// <param name="Owner">Whose client it is; null for nobody's.</param>
/// <param name="Name">What the client calls itself.</param>
/// <param name="Peer">Where it came from first.</param>
/// <param name="LastPacketId">The number that was given last; 0 for none.</param>
/// <param name="LastPublish">The number of the publish that was begun last; 0 for none.</param>
public sealed record SessionOpened(
    string Id, string? Owner, string Name, string Peer, ushort LastPacketId, long LastPublish) : MqttFact;

/// <summary>A client is there.</summary>
/// <param name="ReceiveMaximum">How many unacknowledged messages it takes at a time.</param>
/// <param name="Expiry">How long the session is to wait for it, if it does not say otherwise as it goes.</param>
/// <param name="Will">Null for none.</param>
public sealed record SessionConnected(int ReceiveMaximum, TimeSpan Expiry, SessionWill? Will) : MqttFact;

/// <summary>The client is gone; the session waits for it until <paramref name="EndsAt"/>.</summary>
/// <param name="WillAt">When the will is due; null for none.</param>
public sealed record SessionDisconnected(DateTimeOffset EndsAt, DateTimeOffset? WillAt) : MqttFact;

/// <summary>The client did not come back in time. Nothing happens after this.</summary>
public sealed record SessionEnded : MqttFact;

/// <summary>There is no will any more.</summary>
/// <param name="IsPublished">Whether it was published; else the client has taken it back.</param>
public sealed record WillDone(bool IsPublished) : MqttFact;

/// <summary>There is a new subscription, or another of the same filter in its place.</summary>
public sealed record SubscriptionSet(SessionSubscription Subscription) : MqttFact;

public sealed record SubscriptionRemoved(string Key) : MqttFact;

/// <summary>The session has what it is to have of a channel up to here; what comes after is read from its history.</summary>
/// <param name="Position">Without an epoch where it is not read from its history any more.</param>
public sealed record ReadTo(string Channel, ChannelPosition Position) : MqttFact;

/// <summary>A message waits to be sent.</summary>
/// <param name="Dropped">How many of the oldest that wait make room for it.</param>
public sealed record MessageQueued(MqttMessage Message, int Dropped) : MqttFact;

/// <summary>The oldest message that waits is not worth sending any more.</summary>
public sealed record MessageExpired : MqttFact;

/// <summary>The oldest message that waits was sent for the first time.</summary>
public sealed record MessageSent(ushort PacketId) : MqttFact;

/// <summary>A message that was not acknowledged was sent again, after the client came back.</summary>
public sealed record MessageSentAgain(ushort PacketId) : MqttFact;

/// <summary>The client has the message, and is to forget its number.</summary>
public sealed record MessageReleased(ushort PacketId) : MqttFact;

/// <summary>The release was sent again, after the client came back.</summary>
public sealed record ReleaseSentAgain(ushort PacketId) : MqttFact;

/// <summary>The message is the client's, or was refused by it: its number is free.</summary>
public sealed record MessageCompleted(ushort PacketId) : MqttFact;

/// <summary>A snapshot tells of a message that was sent, after those that were sent before it.</summary>
public sealed record MessageKept(ushort PacketId, MqttMessage Message, bool IsReleased) : MqttFact;

/// <summary>What came by shared subscriptions and was not given to the client goes to somebody else.</summary>
/// <param name="IncludingSent">Whether also what was sent once at least and not acknowledged, at QoS 1.</param>
public sealed record SharedGivenBack(bool IncludingSent) : MqttFact;

/// <summary>The client has sent a message at QoS 2, and may send it again until it is told that it came.</summary>
/// <param name="Number">Another one for each message of the session, however often packet identifiers are used.</param>
public sealed record PublishBegun(ushort PacketId, string Channel, long Number) : MqttFact;

/// <summary>The channel has the client's message.</summary>
public sealed record PublishTaken(ushort PacketId) : MqttFact;

/// <summary>The client knows that its message came, or was refused.</summary>
public sealed record PublishEnded(ushort PacketId) : MqttFact;
