using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
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

    private readonly Gate _gate = new(GateRank.Transport);
    private readonly PollOptions _options;
    private readonly MemoryPool<byte> _memory;
    private PollLoop[] _loops = [];
    private PollLoop? _spare;
    private int _next;

    public PollTransport(PollOptions options, IMemoryPoolFactory<byte> memory)
    {
        _options = options;
        _memory = memory.Create();
    }

    /// <summary>Whether it works on this machine.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Each loop's name, and for how long it has worked on one round.</summary>
    public IReadOnlyList<(string Loop, TimeSpan WorksFor)> Rounds =>
        [.. Volatile.Read(ref _loops).Select(loop => (loop.Name, loop.WorksFor))];

    public bool CanBind(EndPoint endpoint) => IsSupported && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = Bind(endpoint);
        try
        {
            _options.Configure?.Invoke(socket);
            // Accepted connections have it from here.
            socket.NoDelay = true;
            socket.Listen(_options.Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return ValueTask.FromResult<IConnectionListener>(new PollListener(this, socket, _memory, _options.Clock));
    }

    public void Dispose()
    {
        PollLoop[] loops;
        PollLoop? spare;
        using (_gate.Enter()) (loops, _loops, spare, _spare) = (_loops, [], _spare, null);
        foreach (var loop in loops) loop.Dispose();
        spare?.Dispose();
        _memory.Dispose();
    }

    // Kestrel knows its own exception only: of that it makes a sentence.
    private static Socket Bind(EndPoint endpoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }
    }

    /// <summary>The loop for the next connection: the next that goes round. Where all stand still there is a spare one,
    /// whose connections are told so: <see cref="ISpareConnectionFeature"/>.</summary>
    internal PollLoop NextLoop()
    {
        using (_gate.Enter())
        {
            if (_loops.Length == 0)
            {
                _loops = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(number => new PollLoop($"poll {number}", _options))];
            }

            for (var tries = 0; tries < _loops.Length; tries++)
            {
                var loop = _loops[_next];
                _next = (_next + 1) % _loops.Length;
                if (loop.WorksFor < Patience) return loop;
            }

            return _spare ??= new PollLoop("spare poll", _options, isSpare: true);
        }
    }
}
