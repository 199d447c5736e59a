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
    private readonly Gate _gate = new(GateRank.Transport);
    private readonly PollOptions _options;
    private readonly MemoryPool<byte> _memory;
    private PollLoop[] _loops = [];
    private int _next;

    public PollTransport(PollOptions options, IMemoryPoolFactory<byte> memory)
    {
        _options = options;
        _memory = memory.Create();
    }

    /// <summary>Whether it works on this machine.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

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
        using (_gate.Enter()) (loops, _loops) = (_loops, []);
        foreach (var loop in loops) loop.Dispose();
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

    /// <summary>The loop for the next connection.</summary>
    internal PollLoop NextLoop()
    {
        using (_gate.Enter())
        {
            if (_loops.Length == 0)
            {
                _loops = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(number => new PollLoop(number, _options))];
            }

            return _loops[_next++ % _loops.Length];
        }
    }
}
