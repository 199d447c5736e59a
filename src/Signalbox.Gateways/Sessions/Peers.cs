using System.Net;
using Microsoft.AspNetCore.Http;

namespace Signalbox.Gateways.Sessions;

/// <summary>How the other end of a connection is called, in deliveries, presence and logs.</summary>
internal static class Peers
{
    public static string Of(ConnectionInfo connection) =>
        NameOf(connection.RemoteIpAddress is { } address ? new IPEndPoint(address, connection.RemotePort) : null);

    public static string NameOf(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => $"{mapped.Address.MapToIPv4()}:{mapped.Port}",
        IPEndPoint ip => ip.ToString(),
        _ => "unknown:0",
    };
}
