using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Outbound;

namespace Signalbox.Gateways.Sessions;

/// <summary>What every session of a process shares.</summary>
public sealed class SessionHost(
    IEngine engine, Node node, ChannelRules rules, SessionOptions options, TimeProvider clock, WriteLanes lanes)
{
    public IEngine Engine => engine;

    public Node Node => node;

    public ChannelRules Rules => rules;

    public SessionOptions Options => options;

    public TimeProvider Clock => clock;

    public WriteLanes Lanes => lanes;

    /// <summary>How long one of many clients is to wait, so that they do not all come back at once.</summary>
    public static TimeSpan Jitter() => TimeSpan.FromMilliseconds(Random.Shared.Next(100, 2000));

    internal NameCache Names { get; } = new();
}
