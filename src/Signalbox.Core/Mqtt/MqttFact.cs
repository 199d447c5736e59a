namespace Signalbox.Core.Mqtt;

/// <summary>Everything that can happen to a session.</summary>
public abstract record MqttFact;

/// <summary>A client is there.</summary>
/// <param name="ReceiveMaximum">How many unacknowledged messages it takes at a time.</param>
/// <param name="Will">Null for none.</param>
public sealed record SessionConnected(int ReceiveMaximum, SessionWill? Will) : MqttFact;

/// <summary>The client is gone; the session waits for it until <paramref name="EndsAt"/>.</summary>
/// <param name="WillAt">When the will is due; null for none.</param>
public sealed record SessionDisconnected(DateTimeOffset EndsAt, DateTimeOffset? WillAt) : MqttFact;

/// <summary>The client did not come back in time. Nothing happens after this.</summary>
public sealed record SessionEnded : MqttFact;

/// <summary>The will was published, or the client has taken it back.</summary>
/// <param name="Published">Null where it was taken back.</param>
public sealed record WillDone(SessionWill? Published) : MqttFact;

/// <summary>There is a new subscription, or another of the same filter in its place.</summary>
public sealed record SubscriptionSet(SessionSubscription Subscription) : MqttFact;

public sealed record SubscriptionRemoved(string Key) : MqttFact;

/// <summary>A message waits to be sent.</summary>
/// <param name="Dropped">How many of the oldest that wait make room for it.</param>
public sealed record MessageQueued(MqttMessage Message, int Dropped) : MqttFact;

/// <summary>The oldest message that waits has waited for too long.</summary>
public sealed record MessageExpired(MqttMessage Message) : MqttFact;

/// <summary>The oldest message that waits was sent for the first time.</summary>
public sealed record MessageSent(ushort PacketId, MqttMessage Message) : MqttFact;

/// <summary>A message that was not acknowledged was sent again, after the client came back.</summary>
public sealed record MessageSentAgain(ushort PacketId, MqttMessage Message) : MqttFact;

/// <summary>The client has the message, and is to forget its number.</summary>
public sealed record MessageReleased(ushort PacketId) : MqttFact;

/// <summary>The release was sent again, after the client came back.</summary>
public sealed record ReleaseSentAgain(ushort PacketId) : MqttFact;

/// <summary>The message is the client's, or was refused by it: its number is free.</summary>
public sealed record MessageCompleted(ushort PacketId) : MqttFact;

/// <summary>What came by shared subscriptions and was not given to the client goes to somebody else.</summary>
/// <param name="IncludingSent">Whether also what was sent once at least and not acknowledged, at QoS 1.</param>
public sealed record SharedGivenBack(bool IncludingSent) : MqttFact;

/// <summary>The client has sent a message at QoS 2, and may send it again until it is told that it came.</summary>
public sealed record PublishBegun(ushort PacketId) : MqttFact;

/// <summary>The client knows that its message came, or was refused.</summary>
public sealed record PublishEnded(ushort PacketId) : MqttFact;
