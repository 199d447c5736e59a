using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signalbox.Core.Channels;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Clusters;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Gateways.Hooks;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Mqtt;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Sse;
using Signalbox.Gateways.Tcp;
using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>How a test wants its gateway: what is not said is as in the server.</summary>
internal sealed class HostPlan
{
    public TcpOptions Tcp { get; } = new();

    public HttpOptions Http { get; } = new();

    public SseOptions Sse { get; } = new();

    public WebSocketOptions WebSockets { get; } = new();

    public MqttOptions Mqtt { get; } = new();

    public SessionOptions Session { get; } = new();

    public SecurityOptions Security { get; } = new();

    /// <summary>A backend that is slow because the machine has other things to do is not down.</summary>
    public HookOptions Hooks { get; } = new() { Timeout = TimeSpan.FromSeconds(50) };

    public EngineLimits Limits { get; set; } = EngineLimits.Default;

    public List<ChannelRule> Rules { get; } = [];

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public ILog Log { get; set; } = new MemoryLog();

    /// <summary>Has the engine opened on this disk, with a log that has a thread; null for an engine on <see cref="Log"/>.</summary>
    public IDisk? Disk { get; set; }

    /// <summary>What the dispatcher's sessions are given for the engine: the engine itself, or something between.</summary>
    public Func<IEngine, IEngine> Engine { get; set; } = static engine => engine;

    /// <summary>Where everything that is logged goes, down to the last detail; null for nowhere.</summary>
    public ILoggerProvider? Logs { get; set; }

    public X509Certificate2? Certificate { get; set; }

    /// <summary>Whether the ports are the server's own, or those of an app that hosts it.</summary>
    public bool CanTakeOver { get; set; } = true;

    /// <summary>Sees every request.</summary>
    public Action<HttpContext> Witness { get; set; } = static _ => { };

    /// <summary>Called when all services are there: what is added now counts.</summary>
    public Action<IServiceCollection> Services { get; set; } = static _ => { };

    /// <summary>How much the kernel takes for a peer that does not read; null for as much as it likes.</summary>
    public int? SendBufferBytes { get; set; }

    /// <summary>How slowly the body of an HTTP request may come; null for the server's own bound.</summary>
    public MinDataRate? BodyRate { get; set; }

    /// <summary>What it is a part of; null where it is alone.</summary>
    public ICluster? Cluster { get; set; }

    public void Rule(string filter, ChannelOptions options) => Rules.Add(new ChannelRule(filter, options));
}
