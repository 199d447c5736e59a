using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Engine.Users;

/// <summary>One user, wherever its connections are.</summary>
public interface IUser
{
    ValueTask<Refusal> OpenAsync(UserConnection connection, CancellationToken cancellationToken);

    ValueTask CloseAsync(string connectionId, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<UserConnection>> ConnectionsAsync(CancellationToken cancellationToken);

    /// <summary>Spends this much of a rate limit, if it is there.</summary>
    ValueTask<SpendAnswer> SpendAsync(RateLimit limit, int amount, CancellationToken cancellationToken);

    ValueTask<RateState> QuotaAsync(RateLimit limit, CancellationToken cancellationToken);

    /// <summary>Whether who brings this token may come in: for a request that is no connection.</summary>
    ValueTask<Refusal> CheckAsync(TokenStamp token, CancellationToken cancellationToken);

    /// <summary>Hands something to every connection of the user, on every node.</summary>
    /// <returns>How many there are.</returns>
    ValueTask<int> SendAsync(DirectRequest request, CancellationToken cancellationToken);

    /// <summary>Cuts every connection of the user, on every node; the user may come back.</summary>
    /// <returns>How many there were.</returns>
    ValueTask<int> DisconnectAsync(CancellationToken cancellationToken);

    ValueTask<RevokeAnswer> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken);
}
