namespace Signalbox.Gateways.Hooks;

/// <summary>Something that has happened to a channel, for the backend to know.</summary>
/// <param name="Event">channel_occupied, channel_vacated, member_joined, member_left.</param>
/// <param name="Member">The connection that joined or left; null where it is about the channel itself.</param>
internal sealed record News(string Event, string Channel, DateTimeOffset Time, NewsMember? Member);

/// <summary>Who joined or left.</summary>
internal sealed record NewsMember(string Id, string Peer, string? User, string? Name);
