using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Clusters;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hooks;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Traffic;

namespace Signalbox.Gateways.Sessions;

/// <summary>What every session of a process shares.</summary>
public sealed class SessionHost(
    IEngine engine,
    Node node,
    ChannelRules rules,
    SessionOptions options,
    TimeProvider clock,
    WriteLanes lanes,
    Doorkeeper doors,
    GatewayMetrics metrics,
    Backend backend,
    Notifier news,
    ICluster? cluster = null) : IDisposable
{
    public IEngine Engine => engine;

    public Node Node => node;

    public ChannelRules Rules => rules;

    public SessionOptions Options => options;

    public TimeProvider Clock => clock;

    public WriteLanes Lanes => lanes;

    public Doorkeeper Doors => doors;

    public GatewayMetrics Metrics => metrics;

    public Backend Backend => backend;

    public Notifier News => news;

    /// <summary>What the engine is spread over; null where it is this process.</summary>
    public ICluster? Cluster => cluster;

    /// <summary>How long one of many clients is to wait, so that they do not all come back at once.</summary>
    public static TimeSpan Jitter() => TimeSpan.FromMilliseconds(Random.Shared.Next(100, 2000));

    internal NameCache Names { get; } = new();

    internal Expiries Expiries { get; } = new(clock);

    internal SharedRates Addresses { get; } = new(options.PerAddress, clock);

    internal SharedRates Users { get; } = new(options.PerUser, clock);

    public void Dispose() => Expiries.Dispose();
}
