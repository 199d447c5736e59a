using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Signalbox.Transport.Tests.Faults;

/// <summary>The transport with one listener, on a kernel and a clock that are the test's.</summary>
internal sealed class FaultyTransport : IAsyncDisposable
{
    private readonly List<Socket> _clients = [];
    private readonly List<ConnectionContext> _accepted = [];
    private IConnectionListener? _listener;

    public FaultyTransport(ConnectionQuota? quota = null)
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        var options = new PollOptions
        {
            Quota = quota ?? ConnectionQuota.Any,
            Kernel = Kernel,
            Clock = Clock,
            OnThread = Posts.Add,
        };
        Transport = new PollTransport(options, new Pools(), Told);
    }

    public FaultyKernel Kernel { get; } = new();

    public HandClock Clock { get; } = new();

    public Told Told { get; } = new();

    public PollTransport Transport { get; }

    /// <summary>How each loop is given work.</summary>
    public System.Collections.Concurrent.ConcurrentBag<Action<IThreadPoolWorkItem>> Posts { get; } = [];

    public IConnectionListener Listener => _listener ?? throw new InvalidOperationException("Nobody listens yet.");

    public static async Task<FaultyTransport> ListenAsync(ConnectionQuota? quota = null)
    {
        var transport = new FaultyTransport(quota);
        await transport.BindAsync();
        return transport;
    }

    public async Task BindAsync() => _listener = await Transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _clients.Add(socket);
        await socket.ConnectAsync(Listener.EndPoint);
        return socket;
    }

    /// <summary>The next one that is let in.</summary>
    public async Task<ConnectionContext> AcceptAsync()
    {
        var accepted = await Listener.AcceptAsync().AsTask().WaitAsync(Connections.Patience);
        Assert.NotNull(accepted);
        _accepted.Add(accepted);
        return accepted;
    }

    /// <summary>Somebody comes, is let in, asks and is answered.</summary>
    public async Task ServeAsync()
    {
        var client = await ConnectAsync();
        await ServeAsync(client, await AcceptAsync());
    }

    public static async Task ServeAsync(Socket client, ConnectionContext accepted)
    {
        await client.SendAllAsync("ask"u8.ToArray());
        Assert.Equal("ask"u8.ToArray(), await accepted.Transport.Input.TakeAsync(3).WaitAsync(Connections.Patience));
        await accepted.Transport.Output.WriteAsync("told"u8.ToArray());
        Assert.Equal("told"u8.ToArray(), await client.ReadAsync(4));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var accepted in _accepted) await accepted.DisposeAsync();
        if (_listener is not null) await _listener.DisposeAsync();
        Transport.Dispose();
    }

    private sealed class Pools : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => MemoryPool<byte>.Shared;
    }
}
