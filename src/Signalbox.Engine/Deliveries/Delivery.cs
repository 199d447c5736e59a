using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Deliveries;

/// <summary>What an engine hands to a node for its subscribers.</summary>
public abstract record Delivery;

/// <summary>A message for the subscribers of a channel.</summary>
public sealed record MessageDelivery(string Channel, string Epoch, Message Message) : Delivery;

/// <summary>Somebody joined or left a channel, for those of its subscribers that are told.</summary>
public sealed record PresenceDelivery(string Channel, Member Member, bool Joined, DateTimeOffset Time) : Delivery;

/// <summary>Something for every connection that subscribes to anything.</summary>
/// <param name="Except">The connection that does not get it; null for none.</param>
public sealed record BroadcastDelivery(Payload Payload, Headers Headers, string Source, string? Except) : Delivery;
