using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Signalbox.Gates;

namespace Signalbox.Transport;

/// <summary>
/// Kestrel's way to the sockets of a Linux machine: as many <see cref="PollLoop"/>s as there are processors, and
/// connections that read and write without a state machine or a buffer between them and the kernel.
/// </summary>
public sealed class PollTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    // A loop that works on one round for longer than this gets no more connections until it goes on.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Only one that works for this long stands still: on a machine that has no time for us a round can take a second.
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(5);

    private readonly Gate _gate = new(GateRank.Transport);
    private readonly PollOptions _options;
    private readonly TransportNews _news;
    private readonly MemoryPool<byte> _memory;
    // The last one is the spare.
    private PollLoop[] _loops = [];
    private bool _isDisposed;

    public PollTransport(PollOptions options, IMemoryPoolFactory<byte> memory, ILogger<PollTransport> logger)
    {
        _options = options;
        _news = new TransportNews(logger, options.Clock);
        _memory = memory.Create();
    }

    /// <summary>Whether it works on this machine.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Each loop's name, and for how long it has worked on one round.</summary>
    public IReadOnlyList<(string Loop, TimeSpan WorksFor)> Rounds =>
        [.. Volatile.Read(ref _loops).Where(loop => !loop.IsSpare).Select(loop => (loop.Name, loop.WorksFor))];

    public bool CanBind(EndPoint endpoint) => IsSupported && endpoint is IPEndPoint;

    /// <summary>As many connections as have been given a loop; after the most that there can be it begins anew.</summary>
    internal uint Given { get; set; }

    /// <exception cref="IOException">Nobody can listen there; the message says why.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Begin();
        var socket = Bind(endpoint);
        try
        {
            _options.Configure?.Invoke(socket);
            // Accepted connections have it from here.
            socket.NoDelay = true;
            _options.Kernel.Listen(socket, _options.Backlog);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Explained(endpoint, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return ValueTask.FromResult<IConnectionListener>(new PollListener(this, socket, _options, _news, _memory));
    }

    public void Dispose()
    {
        PollLoop[] loops;
        using (_gate.Enter())
        {
            if (_isDisposed) return;
            _isDisposed = true;
            (loops, _loops) = (_loops, []);
        }

        foreach (var loop in loops) loop.Dispose();
        _memory.Dispose();
    }

    /// <summary>The loop for the next connection: the next that goes round. Where all stand still it is the spare one,
    /// whose connections are told so: <see cref="ISpareConnectionFeature"/>.</summary>
    internal PollLoop NextLoop()
    {
        using (_gate.Enter())
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return NextLoop(Patience) ?? NextLoop(Standstill) ?? _loops[^1];
        }
    }

    // The last one is the spare.
    private PollLoop? NextLoop(TimeSpan patience)
    {
        var count = (uint)_loops.Length - 1;
        for (var tries = 0; tries < count; tries++)
        {
            var loop = _loops[Given++ % count];
            if (loop.WorksFor < patience) return loop;
        }

        return null;
    }

    // At the start, where a loop that cannot begin is an answer: later there may be no files for it, or threads.
    private void Begin()
    {
        using (_gate.Enter())
        {
            if (_loops.Length > 0) return;
        }

        var loops = MakeLoops();
        using (_gate.Enter())
        {
            if (_loops.Length == 0 && !_isDisposed) (_loops, loops) = (loops, []);
        }

        foreach (var loop in loops) loop.Dispose();
    }

    private PollLoop[] MakeLoops()
    {
        var loops = new List<PollLoop>();
        try
        {
            for (var number = 0; number < Environment.ProcessorCount; number++) loops.Add(new PollLoop($"poll {number}", _options, _news));
            loops.Add(new PollLoop("spare poll", _options, _news, isSpare: true));
            return [.. loops];
        }
        catch
        {
            foreach (var loop in loops) loop.Dispose();
            throw;
        }
    }

    private Socket Bind(EndPoint endpoint)
    {
        try
        {
            return _options.Kernel.Bind(endpoint);
        }
        catch (SocketException e)
        {
            throw Explained(endpoint, e);
        }
    }

    // Kestrel knows its own exception only, and makes a sentence of that; of the others we do.
    private static Exception Explained(EndPoint endpoint, SocketException e) =>
        e.SocketErrorCode is SocketError.AddressAlreadyInUse
            ? new AddressInUseException(e.Message, e)
            : new IOException($"Nobody can listen at {endpoint}: {e.Message}", e);
}
