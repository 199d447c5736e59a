using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Cluster.Users;

/// <summary>One user of the cluster, as a process sees it that the user may be connected to.</summary>
internal sealed class ClusterUser(ClusterLinks links, LocalNodes nodes, string id) : IUser
{
    private IUserGrain Grain { get; } = links.UserGrain(id);

    public async ValueTask<Refusal> OpenAsync(UserConnection connection, CancellationToken cancellationToken)
    {
        var node = nodes.Find(connection.Node);
        node.Tellings.Open(id, connection);
        var answer = await links.Calls.AskAsync(Grain, turn => Grain.OpenAsync(turn, connection), cancellationToken);
        if (answer.Refusal is Refusal.None) node.Tellings.FoundAt(new Told(ToldKind.User, id), answer.Home);
        else node.Tellings.Close(id, connection.Id);
        return answer.Refusal;
    }

    public ValueTask CloseAsync(string connectionId, CancellationToken cancellationToken)
    {
        foreach (var node in nodes.All) node.Tellings.Close(id, connectionId);
        return links.Calls.AskAsync(Grain, turn => Grain.CloseAsync(turn, connectionId), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<UserConnection>> ConnectionsAsync(CancellationToken cancellationToken) =>
        await links.Calls.AskAsync(Grain, Grain.ConnectionsAsync, cancellationToken);

    public ValueTask<SpendAnswer> SpendAsync(RateLimit limit, int amount, CancellationToken cancellationToken) =>
        GrainCalls.AskOnceAsync(() => Grain.SpendAsync(limit, amount));

    public ValueTask<RateState> QuotaAsync(RateLimit limit, CancellationToken cancellationToken) =>
        links.Calls.AskAsync(() => Grain.QuotaAsync(limit), cancellationToken);

    public ValueTask<Refusal> CheckAsync(TokenStamp token, CancellationToken cancellationToken) =>
        links.Calls.AskAsync(() => Grain.CheckAsync(token), cancellationToken);

    public ValueTask<int> SendAsync(DirectRequest request, CancellationToken cancellationToken) =>
        links.Calls.AskOnceAsync(Grain, request, static (grain, turn, request) => grain.SendAsync(turn, request));

    public ValueTask<int> DisconnectAsync(CancellationToken cancellationToken) =>
        links.Calls.AskAsync(Grain, Grain.DisconnectAsync, cancellationToken);

    public ValueTask<RevokeAnswer> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken) =>
        links.Calls.AskAsync(Grain, turn => Grain.RevokeAsync(turn, request), cancellationToken);
}
