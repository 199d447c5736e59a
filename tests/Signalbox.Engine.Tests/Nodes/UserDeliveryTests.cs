using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Users;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Nodes;

/// <summary>What is said to a user reaches the connections that came with that user, by way of the node.</summary>
public sealed class UserDeliveryTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DirectRequest Hello = new(new Payload("hello"u8.ToArray(), PayloadKind.Text), Headers.None, "backend");

    private readonly ManualClock _clock = new();
    private readonly HeldLog _log = new();
    private readonly EmbeddedEngine _engine;
    private readonly Node _node;

    public UserDeliveryTests()
    {
        _engine = new EmbeddedEngine(_clock, _log, ChannelRules.Default, EngineLimits.Default, EngineDurability.Default);
        _node = new Node("node 1", _engine, ChannelRules.Default);
    }

    public ValueTask InitializeAsync() => _engine.JoinAsync(_node, None);

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_sent_to_a_user_comes_to_every_connection_of_that_user()
    {
        var (one, two, other) = (await OpenAsync("anna", "1"), await OpenAsync("anna", "2"), await OpenAsync("bert", "3"));

        var handed = await InTurnAsync(() => _engine.User("anna").SendAsync(Hello, None));

        Assert.Equal(2, handed);
        Assert.Equal("anna", Assert.Single(one.Direct).User);
        Assert.Single(two.Direct);
        Assert.Empty(other.Direct);
    }

    [Fact]
    public async Task Nothing_comes_to_a_connection_that_was_closed()
    {
        var one = await OpenAsync("anna", "1");
        await _engine.User("anna").CloseAsync("1", None);
        _node.Discharge(one, "anna");

        Assert.Equal(0, await InTurnAsync(() => _engine.User("anna").SendAsync(Hello, None)));
        Assert.Empty(one.Direct);
    }

    [Fact]
    public async Task A_disconnect_cuts_every_connection_of_the_user_and_nobody_elses()
    {
        var (one, two, other) = (await OpenAsync("anna", "1"), await OpenAsync("anna", "2"), await OpenAsync("bert", "3"));

        Assert.Equal(2, await InTurnAsync(() => _engine.User("anna").DisconnectAsync(None)));

        Assert.Equal(CutReason.Disconnected, Assert.Single(one.Cuts).Reason);
        Assert.Single(two.Cuts);
        Assert.Empty(other.Cuts);
    }

    [Fact]
    public async Task A_revocation_cuts_nobody_before_it_is_durable()
    {
        var one = await OpenAsync("anna", "1");
        var revoking = InTurnAsync(() => _engine.User("anna").RevokeAsync(new RevokeRequest(null, TimeSpan.FromHours(1)), None));

        Assert.False(revoking.IsCompleted);
        Assert.Empty(one.Cuts);

        Turn.Begin();
        _log.Flush();
        Turn.End();
        Assert.Equal(new RevokeAnswer(Refusal.None, 1), await revoking);
        Assert.Equal(CutReason.Revoked, Assert.Single(one.Cuts).Reason);
    }

    // Within a turn what a call sets in motion is done when the turn ends, on this thread.
    private static Task<T> InTurnAsync<T>(Func<ValueTask<T>> call)
    {
        Turn.Begin();
        var answer = call().AsTask();
        Turn.End();
        return answer;
    }

    private async Task<NodeReader> OpenAsync(string user, string id)
    {
        var reader = new NodeReader(id);
        _node.Enlist(reader, user);
        var connection = new UserConnection(id, _node.Id, reader.Peer, "tcp", null, _clock.GetUtcNow(), new TokenStamp(id, null));
        var opening = _engine.User(user).OpenAsync(connection, None);
        _log.Flush();
        Assert.Equal(Refusal.None, await opening);
        return reader;
    }
}
