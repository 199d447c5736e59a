using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Signalbox.Gates;

namespace Signalbox.Gateways.WebSockets;

/// <summary>A stream of an HTTP/2 connection, as a connection of its own.</summary>
/// <remarks>The request behind it is used again for others when this one is over, so nobody may touch it then.</remarks>
internal sealed class StreamTransport(HttpContext context, Stream stream) : IDuplexPipe
{
    private readonly Gate _gate = new(GateRank.StreamTransport);
    private bool _isOver;

    public PipeReader Input { get; } = PipeReader.Create(stream);

    public PipeWriter Output { get; } = PipeWriter.Create(stream);

    public void Abort()
    {
        using (_gate.Enter())
        {
            if (!_isOver) context.Abort();
        }
    }

    public async ValueTask CompleteAsync()
    {
        using (_gate.Enter()) _isOver = true;
        await Input.CompleteAsync();
        await Output.CompleteAsync();
    }
}
