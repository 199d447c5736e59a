using Signalbox.Core.Channels;
using Signalbox.Engine.Deliveries;

namespace Signalbox.Gateways.Commands;

/// <summary>A channel's last value, for one new subscriber: marked, because it is not news.</summary>
internal sealed record RetainedDelivery(string Channel, Message Message) : Delivery;
