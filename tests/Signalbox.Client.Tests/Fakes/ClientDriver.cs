using System.Threading.Channels;
using Signalbox.TestKit;

namespace Signalbox.Client.Tests.Fakes;

/// <summary>A client of a fake server, on a clock that only the test moves.</summary>
internal sealed class ClientDriver : IAsyncDisposable
{
    private readonly Channel<ConnectionChange> _changes = System.Threading.Channels.Channel.CreateUnbounded<ConnectionChange>();
    private readonly List<FakePeer> _peers = [];

    public ClientDriver(Action<SignalboxClientOptions>? configure = null)
    {
        var options = new SignalboxClientOptions { TimeProvider = Clock };
        options.Endpoints.Add(Server.Endpoint);
        configure?.Invoke(options);
        Client = new SignalboxClient(options, Journal);
        Client.ConnectionChanged += change => _changes.Writer.TryWrite(change);
    }

    public static TimeSpan Second { get; } = TimeSpan.FromSeconds(1);

    public ManualClock Clock { get; } = new();

    public FakeServer Server { get; } = new();

    public Journal Journal { get; } = new();

    public SignalboxClient Client { get; }

    /// <summary>Connects, and gives the server's end.</summary>
    public async Task<FakePeer> ConnectAsync(string helloFields = "")
    {
        var connected = Client.ConnectAsync();
        var peer = await GreetAsync(helloFields);
        await connected.Soon("the client to be connected");
        return peer;
    }

    /// <summary>The next connection, which the client makes by itself.</summary>
    public async Task<FakePeer> GreetAsync(string helloFields = "")
    {
        var peer = await Server.GreetAsync(helloFields);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Breaks the connection, and lets the pause before the next try pass.</summary>
    public async Task<FakePeer> ReconnectAsync(FakePeer peer)
    {
        await BreakAsync(peer);
        return await GreetAfterPauseAsync();
    }

    public async Task<ConnectionChange> BreakAsync(FakePeer peer)
    {
        peer.Dispose();
        return await WaitForAsync(ConnectionState.Disconnected);
    }

    public async Task<FakePeer> GreetAfterPauseAsync()
    {
        Clock.Pass(0.5 * Second);
        return await GreetAsync();
    }

    /// <summary>The next change to this state; others before it are passed over.</summary>
    public async Task<ConnectionChange> WaitForAsync(ConnectionState state)
    {
        while (true)
        {
            var change = await _changes.Reader.ReadAsync().AsTask().Soon($"the connection to be {state}");
            if (change.State == state) return change;
        }
    }

    public async Task<Subscription> SubscribeAsync(FakePeer peer, string channel, long offset, SubscribeOptions? options = null)
    {
        var subscribing = Client.SubscribeAsync(channel, options);
        await peer.EnterAsync(offset);
        return await subscribing.Soon("the subscription");
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().AsTask().Soon("the client's end");
        foreach (var peer in _peers) peer.Dispose();
        Server.Dispose();
    }
}
