using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Signalbox.Transport;

/// <summary>One accepted connection, as Kestrel knows connections.</summary>
internal sealed class SocketConnection : ConnectionContext,
    IDuplexPipe,
    IConnectionIdFeature,
    IConnectionItemsFeature,
    IConnectionTransportFeature,
    IConnectionLifetimeFeature,
    IConnectionEndPointFeature,
    IConnectionSocketFeature,
    IMemoryPoolFeature,
    ISpareConnectionFeature,
    IConnectionPlaceFeature
{
    private readonly Socket _socket;
    private readonly ConnectionQuota _quota;
    private readonly SocketInput _input;
    private readonly SocketOutput _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly FeatureList _features;
    private string? _id;
    private ulong _mark;
    private int _isClosed;
    private int _isDisposed;
    private IDictionary<object, object?>? _items;

    /// <param name="place">Of the quota; given back when the socket is closed.</param>
    public SocketConnection(Socket socket, PollLoop loop, MemoryPool<byte> memory, ConnectionQuota quota, ConnectionPlace place)
    {
        _socket = socket;
        _quota = quota;
        Place = place;
        Handle = socket.SafeHandle;
        Loop = loop;
        MemoryPool = memory;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        _input = new SocketInput(this);
        _output = new SocketOutput(this);
        Transport = this;
        _features = new FeatureList(this);
    }

    public ConnectionPlace Place { get; }

    public PollLoop Loop { get; }

    public SafeSocketHandle Handle { get; }

    public MemoryPool<byte> MemoryPool { get; }

    public Socket Socket => _socket;

    public override string ConnectionId
    {
        get => _id ??= ConnectionIds.Next();
        set => _id = value;
    }

    public override IFeatureCollection Features => _features;

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _output;

    /// <summary>From now on the loop tells of what happens.</summary>
    /// <returns>False where it cannot: nobody has this connection then.</returns>
    public bool TryStart(out int error)
    {
        error = Loop.TryAdd(this, out _mark);
        return error == 0;
    }

    /// <summary>The kernel says what has happened. On the loop's thread.</summary>
    public void Changed(uint events)
    {
        if ((events & (Libc.Writable | Libc.Failed | Libc.HungUp)) != 0) _output.Changed();
        if ((events & (Libc.Readable | Libc.PeerDone | Libc.Failed | Libc.HungUp)) != 0)
        {
            _input.Changed(isPeerDone: (events & (Libc.PeerDone | Libc.Failed | Libc.HungUp)) != 0);
        }
    }

    /// <summary>The peer is done, or gone: whoever waits for that is told so, on another thread.</summary>
    public void Closed()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 1) return;

        ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), _closed, preferLocal: false);
    }

    public override void Abort() => Abort(new ConnectionAbortedException());

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _input.Fail(abortReason);
        _output.Kill();
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was over already.
        }

        Closed();
    }

    /// <summary>Sends what is left, then closes.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync();
        await _output.CompleteAsync();
        await _output.WhenDrainedAsync();
        _output.Kill();
        Loop.Remove(_mark);
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }

        _socket.Dispose();
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) _quota.GiveBack(Place);
        Closed();
        await base.DisposeAsync();
    }
}
