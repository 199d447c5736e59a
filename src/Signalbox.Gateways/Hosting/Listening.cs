using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Connections;
using Signalbox.Gateways.Mqtt;
using Signalbox.Gateways.Tcp;
using Signalbox.Gateways.Watching;
using Signalbox.Transport;

namespace Signalbox.Gateways.Hosting;

/// <summary>Opens the ports of the gateways on Kestrel.</summary>
public static class Listening
{
    private const int Backlog = 4096;

    public static void Listen(KestrelServerOptions kestrel, GatewayOptions options)
    {
        Limit(kestrel, options.Http);
        if (options.Tcp.IsOn) kestrel.Listen(options.Tcp.EndPoint, listen => ServeTcp(listen, options));
        foreach (var port in MqttPorts(options)) kestrel.Listen(port.EndPoint, listen => ServeMqtt(listen, port, options));
        if (options.Http.IsOn) kestrel.Listen(options.Http.EndPoint, listen => ServeHttp(listen, options));
    }

    /// <summary>Sets what one HTTP client may take of the server.</summary>
    public static void Limit(KestrelServerOptions kestrel, HttpOptions http)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.RequestHeadersTimeout = http.HeadersTimeout;
        UseSharedKestrel(kestrel);
    }

    /// <summary>Sets what must be so where others use the server, too.</summary>
    /// <remarks>As with the sockets below: by HTTP/2, too, a flush is done when the bytes are out of our hands.</remarks>
    public static void UseSharedKestrel(KestrelServerOptions kestrel) => kestrel.Limits.MaxResponseBufferSize = 0;

    /// <summary>The addresses that accept connections once the server has started, as users write them.</summary>
    public static IEnumerable<string> Addresses(GatewayOptions options)
    {
        if (options.Tcp.IsOn) yield return $"tcp://{options.Tcp.EndPoint}";
        foreach (var port in MqttPorts(options))
        {
            yield return $"{(port.Certificate is null ? "mqtt" : "mqtts")}://{port.EndPoint}";
        }

        var http = options.Http.Certificate is null ? "http" : "https";
        if (options.Http.IsOn) yield return $"{http}://{options.Http.EndPoint}";
    }

    /// <summary>Has every port work where it reads: on Linux by a transport of our own.</summary>
    /// <param name="configure">Called with each socket that is going to listen.</param>
    public static IWebHostBuilder UseTransport(
        this IWebHostBuilder host, TransportKind kind, Action<Socket>? configure = null)
    {
        host.UseSockets(sockets =>
        {
            // Nothing of ours blocks a transport thread, so what was read is worked on where it was read, and what is
            // written is sent by who writes it: no hop between threads in either direction.
            sockets.UnsafePreferInlineScheduling = true;
            sockets.Backlog = Backlog;
            UseSharedSockets(sockets, configure);
        });
        host.ConfigureServices(services => services.AddSingleton<IStartupFilter, RefusedRequests>());
        if (kind is TransportKind.Sockets || !PollTransport.IsSupported) return host;

        return host.ConfigureServices(services =>
        {
            services.AddSingleton(provider => new PollOptions
            {
                Quota = provider.GetService<ConnectionQuota>() ?? ConnectionQuota.Any,
                Backlog = Backlog,
                Configure = socket => Configure(socket, configure),
                // Requests that came together are one batch as well, and are fanned out together.
                BeginTurn = Turn.Begin,
                EndTurn = Turn.End,
                OnThread = post => Turn.Home = post,
            });
            services.AddSingleton<PollTransport>();
            services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<PollTransport>());
            services.AddSingleton<IStartupFilter, SpareConnections>();
        });
    }

    /// <summary>Sets what must be so where others use the sockets, too, and may block a thread.</summary>
    /// <param name="configure">Called with each socket that is going to listen.</param>
    public static void UseSharedSockets(SocketTransportOptions sockets, Action<Socket>? configure = null)
    {
        // A flush is done when the kernel has taken the bytes, and not when they lie in a buffer of ours: only then does
        // an item that goes with a reply change hands. What waits, waits in the connection's own queue, which is bounded.
        sockets.MaxWriteBufferSize = 1;
        sockets.CreateBoundListenSocket = endPoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
            Configure(socket, configure);
            return socket;
        };
    }

    internal static void ServeTcp(ListenOptions listen, GatewayOptions options)
    {
        SpareConnections.Refuse(listen);
        RefusedConnections.Limit(listen);
        Protect(listen, options.Tcp);
        RefusedConnections.Tell(listen, TcpRefusal.TellAsync);
        listen.UseConnectionHandler<TcpConnectionHandler>();
    }

    internal static void ServeMqtt(ListenOptions listen, PortOptions port, GatewayOptions options)
    {
        SpareConnections.Refuse(listen);
        RefusedConnections.Limit(listen);
        Protect(listen, port);
        RefusedConnections.Tell(listen, connection => MqttRefusal.TellAsync(connection, options.Mqtt.MaxPacketBytes));
        listen.UseConnectionHandler<MqttConnectionHandler>();
    }

    internal static void ServeHttp(ListenOptions listen, GatewayOptions options)
    {
        RefusedConnections.Limit(listen);
        Protect(listen, options.Http);
        Takeover.Use(listen);
    }

    // Accepted connections inherit these: a peer that is gone without a word is noticed within two minutes.
    private static void Configure(Socket socket, Action<Socket>? more)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
        more?.Invoke(socket);
    }

    private static IEnumerable<PortOptions> MqttPorts(GatewayOptions options) =>
        new PortOptions[] { options.Mqtt, options.MqttTls }.Where(port => port.IsOn);

    private static void Protect(ListenOptions listen, PortOptions port)
    {
        if (port.Certificate is not null) listen.UseHttps(ReadCertificate(port.Certificate, port));
    }

    private static X509Certificate2 ReadCertificate(string file, PortOptions port) =>
        port.CertificateKey is not null
            ? X509Certificate2.CreateFromPemFile(file, port.CertificateKey)
            : X509CertificateLoader.LoadPkcs12FromFile(file, port.CertificatePassword);
}
