using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Tcp;

namespace Signalbox.Server;

/// <summary>The server put together: the gateways on the embedded engine, in one process.</summary>
public static class ServerApp
{
    /// <summary>Reads the options from appsettings.json, the environment and the command line; the last wins.</summary>
    public static ServerOptions ReadOptions(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
            .AddEnvironmentVariables("SIGNALBOX__")
            .AddCommandLine(WithValues(args))
            .Build();
        var options = configuration.Get<ServerOptions>() ?? new ServerOptions();
        // The binder leaves out the elements of a list that it cannot read, without a word. One by one it says why.
        options.Channels = [.. configuration.GetSection("Channels").GetChildren().Select(ReadChannel)];
        // A key that is not understood must not be left out: with none the server would let anybody in.
        options.Security = configuration.GetSection("Security")
            .Get<SecurityOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new SecurityOptions();
        return options;
    }

    public static WebApplication Build(string[] args, ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = WithValues(args),
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.GracePeriod);
        AddEngine(builder.Services, options);
        builder.WebHost.UseSockets(UseSockets);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options.Tcp));

        return builder.Build();
    }

    /// <summary>Connects the engine with its node, then lets clients in.</summary>
    public static async Task StartAsync(WebApplication app)
    {
        var engine = app.Services.GetRequiredService<IEngine>();
        await engine.JoinAsync(app.Services.GetRequiredService<Node>(), CancellationToken.None);
        await app.StartAsync();
    }

    /// <summary>The addresses that accept connections, as users write them.</summary>
    public static IEnumerable<string> Addresses(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return addresses.Select(address => "tcp://" + new Uri(address).Authority);
    }

    private static ChannelSettings ReadChannel(IConfigurationSection section) =>
        section.Get<ChannelSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ChannelSettings();

    private static void AddEngine(IServiceCollection services, ServerOptions options)
    {
        var rules = new ChannelRules(
            [.. options.Channels.Select(channel => channel.ToRule())], Core.Channels.ChannelOptions.Default);
        var clock = TimeProvider.System;

        services.AddSingleton(rules);
        services.AddSingleton(options.Tcp);
        services.AddSingleton(options.Session);
        services.AddSingleton(new Doorkeeper(options.Security, clock));
        services.AddSingleton(clock);
        services.AddSingleton<WriteLanes>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionHost>();
        services.AddSingleton<IEngine>(
            _ => new EmbeddedEngine(clock, new MemoryLog(), rules, options.Limits.ToLimits()));
        services.AddSingleton(provider => new Node(NewNodeId(), provider.GetRequiredService<IEngine>(), rules));
    }

    private static void Listen(KestrelServerOptions kestrel, TcpOptions tcp)
    {
        if (tcp.Port == 0) return;

        kestrel.Listen(IPAddress.Parse(tcp.Address), tcp.Port, listen =>
        {
            if (tcp.Certificate is not null) listen.UseHttps(ReadCertificate(tcp));
            listen.UseConnectionHandler<TcpConnectionHandler>();
        });
    }

    /// <summary>Sets the sockets of every port on which connections speak commands.</summary>
    public static void UseSockets(SocketTransportOptions sockets)
    {
        // Nothing of ours blocks a transport thread, so what was read is worked on where it was read, and what is
        // written is sent by who writes it: no hop between threads in either direction.
        sockets.UnsafePreferInlineScheduling = true;
        sockets.Backlog = 4096;
        // A flush is done when the kernel has taken the bytes, and not when they lie in a buffer of ours: only then does
        // an item that goes with a reply change hands. What waits, waits in the connection's own queue, which is bounded.
        sockets.MaxWriteBufferSize = 1;
        sockets.CreateBoundListenSocket = endPoint =>
        {
            // Accepted connections inherit these: a peer that is gone without a word is noticed within two minutes.
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
            return socket;
        };
    }

    private static X509Certificate2 ReadCertificate(TcpOptions tcp) =>
        tcp.CertificateKey is not null
            ? X509Certificate2.CreateFromPemFile(tcp.Certificate!, tcp.CertificateKey) // Only called where there is one.
            : X509CertificateLoader.LoadPkcs12FromFile(tcp.Certificate!, tcp.CertificatePassword);

    private static string NewNodeId() => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 6));

    // Flags that stand alone on the command line: the configuration wants a value with each.
    private static string[] WithValues(string[] args) =>
        [.. args.Select(arg => arg.Equals("--insecure", StringComparison.OrdinalIgnoreCase) ? "--Insecure=true" : arg)];
}
