using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Signalbox.Gateways.Mqtt;

/// <summary>Asks the kernel how much of a connection it has that nobody has read yet.</summary>
internal static class Received
{
    /// <summary>For a connection that is no socket of its own: nothing is known.</summary>
    public static readonly Func<int> Unknown = static () => 0;

    public static Func<int> By(IFeatureCollection features) =>
        features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? () => By(socket) : Unknown;

    private static int By(Socket socket)
    {
        try
        {
            return socket.Available;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0; // It is over.
        }
    }
}
