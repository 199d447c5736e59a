using System.Net;
using System.Net.Sockets;

namespace Signalbox.Cluster.Outside.Tests.Processes;

/// <summary>Ports that nobody uses, below those that systems give to connections: whoever ends finds its own free again.
/// </summary>
internal static class Ports
{
    private static int _next = 20_000 + Environment.ProcessId % 1000 * 10;

    public static int Free()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _next);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
