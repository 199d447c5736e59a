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

/// <summary>Something for every connection of one user.</summary>
public sealed record DirectDelivery(string User, Payload Payload, Headers Headers, string Source) : Delivery;

/// <summary>The connections of one user are to end, on every protocol.</summary>
/// <param name="TokenId">Only those that came in with this token; null for all.</param>
public sealed record CutDelivery(string User, string? TokenId, CutReason Reason) : Delivery;
