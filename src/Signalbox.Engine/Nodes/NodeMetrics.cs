using System.Diagnostics.Metrics;

namespace Signalbox.Engine.Nodes;

/// <summary>What a node counts.</summary>
public sealed class NodeMetrics
{
    public const string MeterName = "Signalbox.Engine";

    public NodeMetrics(IMeterFactory meters, Node node)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter(
            "signalbox.subscriptions", () => node.SubscriptionCount, "{subscription}", "Subscriptions of all connections.");
        meter.CreateObservableCounter(
            "signalbox.messages.delivered",
            () => node.Delivered,
            "{message}",
            "Copies of messages that were handed to connections.");
    }
}
