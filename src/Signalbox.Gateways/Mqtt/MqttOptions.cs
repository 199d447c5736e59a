using Signalbox.Core.Mqtt;
using Signalbox.Gateways.Hosting;

namespace Signalbox.Gateways.Mqtt;

/// <summary>MQTT, on its ports and over WebSocket. What a client may do is told to it in CONNACK.</summary>
public sealed class MqttOptions() : PortOptions("Mqtt", 1883)
{
    /// <summary>Connections at one time, those of the other ports included; one more is closed. Default 100 000.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>The longest packet that is read, in bytes. Default 1 MiB.</summary>
    public int MaxPacketBytes { get; set; } = 1024 * 1024;

    /// <summary>Messages of QoS 1 and 2 that a client may send before the first of them is answered. Default 100.</summary>
    public int ReceiveMaximum { get; set; } = 100;

    /// <summary>Messages of QoS 1 and 2 that a client is sent before it has answered the first of them; fewer where it wants
    /// fewer. Default 100.</summary>
    public int MaxInFlight { get; set; } = 100;

    /// <summary>Topic aliases that a client may use on a connection; 0 for none. Default 32.</summary>
    public int TopicAliasMaximum { get; set; } = 32;

    /// <summary>Topics that have an alias on the way to a client that takes aliases, those that came first; 0 for none.
    /// Default 32: more saves bytes on the line, costs memory for each such connection.</summary>
    public int MaxSentTopicAliases { get; set; } = 32;

    /// <summary>The longest keep alive; 0 for any, and for none at all. Default 0.</summary>
    public TimeSpan MaxKeepAlive { get; set; }

    /// <summary>How long a session is kept for a client that is away, however long it asks for. Default 1 day: more
    /// forgives longer absences, and keeps subscriptions and what waits for longer.</summary>
    public TimeSpan MaxSessionExpiry { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Sessions at one time, those of clients that are away included. Default 200 000.</summary>
    public int MaxSessions { get; set; } = 200_000;

    /// <summary>Messages of QoS 1 and 2 that wait for one client; when there are more the oldest is dropped. Default
    /// 10 000.</summary>
    public int MaxQueuedMessages { get; set; } = 10_000;

    /// <summary>The same in bytes of topics and payloads. Default 8 MiB.</summary>
    public int MaxQueuedBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The highest QoS of a publish, 0 to 2; subscriptions to more are granted this. Default 2.</summary>
    public int MaximumQos { get; set; } = 2;

    /// <summary>Whether clients may set retained messages. Default true.</summary>
    public bool RetainAvailable { get; set; } = true;

    /// <summary>Whether clients may subscribe with <c>+</c> and <c>#</c>. Default true.</summary>
    public bool WildcardsAvailable { get; set; } = true;

    /// <summary>Whether clients may subscribe to <c>$share/group/filter</c>. Default true.</summary>
    public bool SharedAvailable { get; set; } = true;

    /// <summary>How often who subscribes below <c>$SYS</c> is told the figures anew; 0 for only when it subscribes. Default
    /// 10 seconds.</summary>
    public TimeSpan FiguresInterval { get; set; } = TimeSpan.FromSeconds(10);

    internal MqttLimits ToLimits() => new()
    {
        MaxWaiting = MaxQueuedMessages,
        MaxWaitingBytes = MaxQueuedBytes,
        MaxInFlight = MaxInFlight,
        MaxBegun = ReceiveMaximum,
    };

    public override string? Validate() => base.Validate() ?? ValidateBounds() ?? ValidateTimes();

    private string? ValidateBounds()
    {
        var bounds = new (string Name, int Value, int Min, int Max)[]
        {
            (nameof(MaxConnections), MaxConnections, 1, int.MaxValue),
            (nameof(MaxPacketBytes), MaxPacketBytes, 64, 256 * 1024 * 1024),
            (nameof(ReceiveMaximum), ReceiveMaximum, 1, ushort.MaxValue),
            (nameof(MaxInFlight), MaxInFlight, 1, ushort.MaxValue),
            (nameof(TopicAliasMaximum), TopicAliasMaximum, 0, ushort.MaxValue),
            (nameof(MaxSentTopicAliases), MaxSentTopicAliases, 0, ushort.MaxValue),
            (nameof(MaxSessions), MaxSessions, 1, int.MaxValue),
            (nameof(MaxQueuedMessages), MaxQueuedMessages, 1, 10_000_000),
            (nameof(MaxQueuedBytes), MaxQueuedBytes, 1024, 1 << 30),
            (nameof(MaximumQos), MaximumQos, 0, 2),
        };
        var wrong = bounds.FirstOrDefault(bound => bound.Value < bound.Min || bound.Value > bound.Max);
        return wrong.Name is null ? null : $"Mqtt:{wrong.Name} {wrong.Value} is out of range; use {wrong.Min} to {wrong.Max}.";
    }

    private string? ValidateTimes()
    {
        if (MaxKeepAlive < TimeSpan.Zero || MaxKeepAlive > TimeSpan.FromSeconds(ushort.MaxValue))
        {
            return $"Mqtt:MaxKeepAlive {MaxKeepAlive} is out of range; use 00:00:01 to 18:12:15, or 0 for any.";
        }

        if (FiguresInterval < TimeSpan.Zero || FiguresInterval > TimeSpan.FromDays(1))
        {
            return $"Mqtt:FiguresInterval {FiguresInterval} is out of range; use up to 1.00:00:00, or 0 for only once.";
        }

        if (MaxSessionExpiry > LongestTimes.Remembering)
        {
            return $"Mqtt:MaxSessionExpiry is too long; use at most {LongestTimes.Remembering}. Mind that a number alone is days.";
        }

        return MaxSessionExpiry < TimeSpan.Zero ? $"Mqtt:MaxSessionExpiry {MaxSessionExpiry} is negative; use 0 for no sessions." : null;
    }
}
