using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>
/// A connection without a socket, for what a socket's buffers hide: its peer takes not a byte more than it is asked to.
/// </summary>
internal sealed class PipedConnection : IDuplexPipe
{
    // A flush completes when the peer has taken everything, on the thread that takes it.
    private readonly Pipe _toPeer = new(new PipeOptions(
        writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));

    private readonly Pipe _fromPeer = new();
    private readonly Task _served;

    public PipedConnection(DispatcherHost host)
    {
        var context = new DefaultConnectionContext("piped", this, this) { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 1) };
        _served = host.Handler.OnConnectedAsync(context);
    }

    PipeReader IDuplexPipe.Input => _fromPeer.Reader;

    PipeWriter IDuplexPipe.Output => _toPeer.Writer;

    public async Task SendAsync(params string[] bodies) => await _fromPeer.Writer.WriteAsync(DispatcherDriver.Frames(bodies));

    /// <summary>Waits until there is something to read, and takes all of it.</summary>
    public async Task<string> TakeAsync()
    {
        var read = await _toPeer.Reader.ReadAsync();
        var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        _toPeer.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>Waits until there is something to read, and leaves it.</summary>
    public async Task<string> LookAsync()
    {
        var read = await _toPeer.Reader.ReadAsync();
        var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        _toPeer.Reader.AdvanceTo(read.Buffer.Start);
        return text;
    }

    /// <summary>The peer is gone, in both directions; completes when the server has put the connection away.</summary>
    public async Task DieAsync()
    {
        await _toPeer.Reader.CompleteAsync();
        await _fromPeer.Writer.CompleteAsync(new ConnectionResetException("The peer is gone."));
        await _served;
    }
}
