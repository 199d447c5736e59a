using Signalbox.Conformance;
using Signalbox.Conformance.Subjects;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;

namespace Signalbox.Engine.Cluster.Tests.Nodes;

/// <summary>What nodes have told grains, and grains have forgotten, is told again, whatever is in the way.</summary>
public sealed class ToldAgainTests : IAsyncLifetime
{
    private const string Attach = "IChannelGrain.AttachAsync";

    // Kept in storage, so that it can fail to be read.
    private const string Channel = "any/kept/news";

    private readonly TwoSilos _silos = new(
        new TestStorage(), new ManualClock(), settings => settings with { NodeRenewal = TimeSpan.FromMilliseconds(50) });

    private EngineConnection _reader = null!; // Set before each test.
    private GrainId _grain;

    public async ValueTask InitializeAsync()
    {
        await _silos.InitializeAsync();
        var engine = _silos.Engines[0];
        var node = new Node("node", engine, Settings.Rules);
        await engine.JoinAsync(node, CancellationToken.None);
        _reader = new EngineConnection(engine, node, _silos.Clock, "reader", "reader");
        await _reader.SubscribeAsync(Channel, from: null);
        _grain = _silos.Cluster.Client.GetGrain<IChannelGrain>(Channel).GetGrainId();
        _silos.Calls.Forget();
    }

    public ValueTask DisposeAsync() => _silos.DisposeAsync();

    [Fact]
    public async Task A_channel_that_leaves_memory_hears_again_who_listens_and_who_is_there()
    {
        await _silos.Cluster.DeactivateAsync(_grain);
        await _silos.Calls.WaitForAsync(Attach, 1);

        await ReaderIsThereAndHearsAsync();
    }

    [Fact]
    public async Task A_channel_that_could_not_be_told_is_told_at_a_later_renewal()
    {
        _silos.Storage.FailsToRead = grain => grain == _grain;
        await _silos.Cluster.DeactivateAsync(_grain);
        await Assert.ThrowsAsync<LogFailedException>(() => _reader.PresenceAsync(Channel));
        // Of the node, and of two silos: it was tried again in vain.
        await _silos.Calls.WaitForAsync("INodesGrain.RenewAsync", 9);

        _silos.Storage.FailsToRead = static _ => false;
        await _silos.Calls.WaitForAsync(Attach, 1);

        await ReaderIsThereAndHearsAsync();
    }

    [Fact]
    public async Task Where_the_list_of_nodes_has_forgotten_a_node_it_tells_every_grain_again()
    {
        await _silos.Cluster.DeactivateAsync(_silos.Cluster.Client.GetGrain<INodesGrain>(0).GetGrainId());

        await _silos.Calls.WaitForAsync("INodesGrain.TellFiltersAsync", 1);
        await _silos.Calls.WaitForAsync(Attach, 1);

        await ReaderIsThereAndHearsAsync();
    }

    [Fact]
    public async Task A_node_whose_inbox_was_lost_opens_another_and_misses_nothing()
    {
        var inbox = _silos.Cluster.Client.GetGrain<IInboxGrain>("node");
        await inbox.CloseAsync();
        await _reader.PublishAsync(Channel, "1", id: null);
        await _silos.Calls.WaitForAsync(Attach, 1);

        Assert.Equal(["1"], (await _reader.WaitForAsync(1)).Select(received => received.Value));
        await ReaderIsThereAndHearsAsync();
    }

    private async Task ReaderIsThereAndHearsAsync()
    {
        Assert.Equal(["reader"], await _reader.PresenceAsync(Channel));
        var seen = (await _reader.WaitForAsync(0)).Count;
        await _reader.PublishAsync(Channel, "again", id: null);

        Assert.Equal("again", (await _reader.WaitForAsync(seen + 1))[^1].Value);
    }
}
