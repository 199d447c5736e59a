using Signalbox.Core.Channels;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Cluster.Users;

/// <summary>One user of the cluster, by its id.</summary>
[Alias("signalbox.user")]
internal interface IUserGrain : IGrainWithStringKey
{
    ValueTask<OpenAnswer> OpenAsync(CallTurn turn, UserConnection connection);

    ValueTask CloseAsync(CallTurn turn, string connectionId);

    /// <summary>The node watches the user, and these of its connections are the user's; all may be known already.</summary>
    /// <returns>The silo that the grain is on.</returns>
    ValueTask<SiloAddress> TellAsync(CallTurn turn, Attachment? attachment, UserConnection[] connections);

    ValueTask DetachAsync(CallTurn turn, Attachment attachment);

    ValueTask<UserConnection[]> ConnectionsAsync(CallTurn turn);

    /// <summary>Since when the user is online, as a message that is newer than all that watchers were told before.</summary>
    ValueTask<Message> LookAsync(CallTurn turn);

    ValueTask<SpendAnswer> SpendAsync(RateLimit limit, int amount);

    ValueTask<RateState> QuotaAsync(RateLimit limit);

    ValueTask<Refusal> CheckAsync(TokenStamp token);

    ValueTask<int> SendAsync(CallTurn turn, DirectRequest request);

    ValueTask<int> DisconnectAsync(CallTurn turn);

    ValueTask<RevokeAnswer> RevokeAsync(CallTurn turn, RevokeRequest request);
}
