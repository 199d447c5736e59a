using Signalbox.Gateways.Traffic;

namespace Signalbox.Gateways.Sessions;

/// <summary>The bounds of one connection, on every protocol that speaks commands.</summary>
public sealed class SessionOptions
{
    /// <summary>Bytes that wait to be written to one connection before the slow reader's policy applies. Default 1 MiB:
    /// more forgives longer pauses and costs memory for each reader that is behind.</summary>
    public int MaxOutboundBytes { get; set; } = 1024 * 1024;

    /// <summary>Subscriptions of one connection. Default 10 000.</summary>
    public int MaxSubscriptions { get; set; } = 10_000;

    /// <summary>Blocked pops of one connection at one time. Default 100.</summary>
    public int MaxBlockedPops { get; set; } = 100;

    /// <summary>Keys in one subscribe, unsubscribe or publish. Default 1000.</summary>
    public int MaxKeys { get; set; } = 1000;

    /// <summary>Commands of one connection that are not answered yet before it is read no further. Default 1024.</summary>
    public int MaxPending { get; set; } = 1024;

    /// <summary>Entries in one answer of keys, queues, channels, history or qpeek. Default 1000.</summary>
    public int MaxListed { get; set; } = 1000;

    /// <summary>Bytes of values in one answer of history or qpeek, which then has fewer entries; one is always there.
    /// Default 8 MiB: as JSON that is at most six times as much, which the .NET client still reads.</summary>
    public int MaxListedBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Headers of one message. Default 64.</summary>
    public int MaxHeaders { get; set; } = 64;

    /// <summary>How often a client that said hello is expected to say something. Default 25 seconds; it is closed after
    /// two and a half times of silence.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a connection that waits for nothing (no subscription, no blocked pop) may be silent. Default
    /// 10 minutes.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a connection that we end may take to read our last words. Default 5 seconds.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Commands of one connection in a second; 0 for any number. Default 0. A token may say otherwise.</summary>
    public int CommandsPerSecond { get; set; }

    /// <summary>Bytes of commands of one connection in a second; 0 for any number. Default 0. A token may say
    /// otherwise.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Connections of one address to this process; 0 for any number. Default 0.</summary>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>What the connections of one address may send together.</summary>
    public RateOptions PerAddress { get; set; } = new();

    /// <summary>What the connections of one user, or of one API key, may send together.</summary>
    public RateOptions PerUser { get; set; } = new();

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public IEnumerable<string> Validate()
    {
        var bounds = new (string Name, long Value)[]
        {
            (nameof(MaxOutboundBytes), MaxOutboundBytes), (nameof(MaxSubscriptions), MaxSubscriptions),
            (nameof(MaxBlockedPops), MaxBlockedPops), (nameof(MaxKeys), MaxKeys), (nameof(MaxPending), MaxPending),
            (nameof(MaxListed), MaxListed), (nameof(MaxListedBytes), MaxListedBytes), (nameof(MaxHeaders), MaxHeaders), (nameof(PingInterval), PingInterval.Ticks),
            (nameof(IdleTimeout), IdleTimeout.Ticks), (nameof(CloseTimeout), CloseTimeout.Ticks),
        };
        var mayBeNothing = new (string Name, long Value)[]
        {
            (nameof(CommandsPerSecond), CommandsPerSecond), (nameof(BytesPerSecond), BytesPerSecond),
            (nameof(MaxConnectionsPerAddress), MaxConnectionsPerAddress),
        };
        return bounds.Where(bound => bound.Value < 1).Select(bound => $"Session:{bound.Name} must be more than nothing.")
            .Concat(mayBeNothing.Where(bound => bound.Value < 0).Select(bound => $"Session:{bound.Name} is negative; use 0 for any number."))
            .Concat(PerAddress.Validate("Session:PerAddress"))
            .Concat(PerUser.Validate("Session:PerUser"));
    }
}
