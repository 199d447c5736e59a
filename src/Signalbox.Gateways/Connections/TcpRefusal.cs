using Microsoft.AspNetCore.Connections;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Connections;

/// <summary>The dispatcher's port: the last frame of a connection is its first.</summary>
internal static class TcpRefusal
{
    public static async Task TellAsync(ConnectionContext connection)
    {
        var frame = new JsonBuffer();
        var writer = new ReplyWriter(frame);
        var start = writer.BeginFrame();
        CommandSession.WriteEnd(writer, SessionEnd.TooMany);
        writer.EndFrame(start);
        await connection.Transport.Output.WriteAsync(frame.WrittenMemory);
    }
}
