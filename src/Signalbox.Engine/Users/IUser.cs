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
}
