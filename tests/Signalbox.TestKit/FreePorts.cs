using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Signalbox.TestKit;

/// <summary>
/// Ports for servers that have to be told theirs: each is given out once, and nobody else's while this process lives.
/// </summary>
/// <remarks>
/// A port that was only looked up may be taken before its server starts, or while it is down: the system gives it to
/// another test's listener, or to a connection as its own end. So each is kept by a socket that is bound and never
/// listens. With SO_REUSEADDR, which .NET and nginx set, a server can bind beside it; until then connecting is refused.
/// </remarks>
public static class FreePorts
{
    private static readonly ConcurrentBag<Socket> Kept = [];

    public static int Next()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Kept.Add(socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port; // It is bound.
    }
}
