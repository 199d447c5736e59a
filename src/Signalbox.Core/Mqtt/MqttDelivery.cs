using System.Collections.Immutable;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Mqtt;

/// <summary>How a message is to be delivered to one session, whatever message it is.</summary>
public sealed record MqttDelivery(Quality Quality, bool Retain, ImmutableArray<uint> Identifiers)
{
    // Nearly all deliveries are one of these.
    private static readonly MqttDelivery[] Usual =
        [.. Enum.GetValues<Quality>().SelectMany(quality => new MqttDelivery[] { new(quality, false, []), new(quality, true, []) })];

    public static MqttDelivery Live(SessionSubscription subscription, Message message) =>
        Of(subscription, message, message.Retain && subscription.RetainAsPublished);

    /// <summary>A channel's value, for a new subscription.</summary>
    public static MqttDelivery Retained(SessionSubscription subscription, Message message) => Of(subscription, message, true);

    public MqttDelivery Joined(MqttDelivery other) => new(
        (Quality)Math.Max((byte)Quality, (byte)other.Quality),
        Retain || other.Retain,
        other.Identifiers.IsEmpty || Identifiers.Contains(other.Identifiers[0]) ? Identifiers : [.. Identifiers, .. other.Identifiers]);

    private static MqttDelivery Of(SessionSubscription subscription, Message message, bool retain)
    {
        // What comes from elsewhere, and says nothing of it, is as sure as the subscriber wants.
        var published = message.Headers.Quality;
        var quality = published == Quality.Any ? subscription.Most : (Quality)Math.Min((byte)published, (byte)subscription.Most);
        return subscription.Identifier == 0
            ? Usual[((int)quality * 2) + (retain ? 1 : 0)]
            : new MqttDelivery(quality, retain, [subscription.Identifier]);
    }
}
