using Signalbox.Protocol.Commands;

namespace Signalbox.Client;

// Users: what is said to somebody wherever they are, and about them.
public sealed partial class SignalboxClient
{
    /// <summary>What is sent to the user of this client's token. Ask for it before connecting, see <see cref="Inbox"/>.
    /// It has no history: a reconnect is told as a <see cref="Gap"/>.</summary>
    public Subscription Direct => _subscriptions.Direct.Open();

    /// <summary>Sends to every connection of a user, on every protocol.</summary>
    /// <returns>How many there are.</returns>
    public Task<long> SendAsync(
        string user, Payload value, SendOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        return SendAsync<SendRequest, long>(new SendRequest(user, value, options ?? SendOptions.Default), cancellationToken);
    }

    /// <summary>The connections of a user, the oldest first; none where the user is not online.</summary>
    public Task<IReadOnlyList<UserConnection>> UserAsync(string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        return SendAsync<UserRequest, IReadOnlyList<UserConnection>>(new UserRequest(user), cancellationToken);
    }

    /// <summary>Makes tokens of a user void, and cuts the connections that came in with them.</summary>
    /// <param name="tokenId">The one with this <c>jti</c>; null for all that were issued until now.</param>
    /// <returns>How many connections there were to cut.</returns>
    public Task<long> RevokeAsync(string user, string? tokenId = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        return SendAsync<RevokeRequest, long>(new RevokeRequest(user, tokenId), cancellationToken);
    }

    /// <summary>Cuts every connection of a user, who may come back.</summary>
    /// <returns>How many there were.</returns>
    public Task<long> DisconnectAsync(string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        return SendAsync<NumberRequest, long>(new NumberRequest(CommandName.Disconnect, CallTraits.None, user), cancellationToken);
    }
}
