using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Signalbox.Transport.Tests;

/// <summary>Kestrel on one of the transports, with one port whose connections the test handles.</summary>
internal sealed class TransportHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<Socket> _clients = [];

    private TransportHost(WebApplication app)
    {
        _app = app;
    }

    public Uri Address
    {
        get
        {
            var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!; // Kestrel has it.
            return new Uri(addresses.Addresses.Single());
        }
    }

    /// <summary>Starts a host whose connections are the handler's.</summary>
    public static Task<TransportHost> StartAsync(bool isOurs, Func<ConnectionContext, Task> handler) =>
        StartAsync(isOurs, listen => listen.Run(connection => handler(connection)), _ => { });

    /// <summary>Starts a host on our transport as it is set here.</summary>
    public static Task<TransportHost> StartAsync(PollOptions options, Func<ConnectionContext, Task> handler) =>
        StartAsync(options, listen => listen.Run(connection => handler(connection)), _ => { });

    public static Task<TransportHost> StartAsync(bool isOurs, Action<ListenOptions> listen, Action<WebApplication> configure) =>
        StartAsync(isOurs ? new PollOptions() : null, listen, configure);

    private static async Task<TransportHost> StartAsync(
        PollOptions? ours, Action<ListenOptions> listen, Action<WebApplication> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            // As ours: a flush is done when the kernel has taken the bytes.
            sockets.MaxWriteBufferSize = 1;
        });
        if (ours is not null)
        {
            builder.Services.AddSingleton(ours);
            builder.Services.AddSingleton<IConnectionListenerFactory, PollTransport>();
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen));
        var app = builder.Build();
        configure(app);
        await app.StartAsync();
        return new TransportHost(app);
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _clients.Add(socket);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
