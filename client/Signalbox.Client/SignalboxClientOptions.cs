using System.Net.Security;

namespace Signalbox.Client;

/// <summary>How a client connects. Read when the client is made; later changes have no effect.</summary>
public sealed class SignalboxClientOptions
{
    /// <summary>Servers as "host:port", tried in turn: when the connection to one is lost, the next comes first. Default
    /// none, which means 127.0.0.1:2491.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>What others see of this client in presence. Default none.</summary>
    public string? Name { get; set; }

    /// <summary>The token or API key that says who this client is. Default none.</summary>
    public string? Token { get; set; }

    /// <summary>Gets a token, in place of <see cref="Token"/>: asked at every connection, and again before a token
    /// expires, so that the connection goes on with a newer one. Default none.</summary>
    public Func<CancellationToken, ValueTask<string?>>? TokenProvider { get; set; }

    /// <summary>With <see cref="WorkerId"/> the number by which this process is addressed; 1 to 65535. Default
    /// none.</summary>
    public int? ServerId { get; set; }

    /// <summary>See <see cref="ServerId"/>; 1 to 65535. Default none.</summary>
    public int? WorkerId { get; set; }

    /// <summary>Channels that every connection is subscribed to; their messages come in
    /// <see cref="SignalboxClient.Inbox"/>. Default none.</summary>
    public IList<string> DefaultChannels { get; } = [];

    /// <summary>Whether a broken connection is made anew. Without it <see cref="SignalboxClient.ConnectAsync"/> does
    /// that, and commands fail at once meanwhile. Default true.</summary>
    public bool Reconnect { get; set; } = true;

    /// <summary>The bound of the wait before the first try to reconnect; it doubles with each failure, and the wait is
    /// a random time up to it. Default 0.5 seconds.</summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>What that bound grows to. Longer spares a struggling server, shorter is back sooner. Default 15
    /// seconds.</summary>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one try to connect, with TLS and hello, may take. Default 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a command may wait for a connection and its reply. Default 10 seconds.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the connection is encrypted. Default false.</summary>
    public bool UseTls { get; set; }

    /// <summary>The name that the server's certificate must have. Default none, which means the host of the
    /// endpoint.</summary>
    public string? TargetHost { get; set; }

    /// <summary>Decides on the server's certificate in place of the system. Default none.</summary>
    public RemoteCertificateValidationCallback? RemoteCertificateValidation { get; set; }

    /// <summary>The longest frame that is sent, in bytes. The server closes a connection whose frame is above its own
    /// limit, so this should not be above that. Default 1 MiB, as the server's.</summary>
    public int MaxFrameBytes { get; set; } = 1024 * 1024;

    /// <summary>The longest frame that is read, in bytes: a list of many items is one frame. Default 64 MiB.</summary>
    public int MaxReplyBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Messages that a subscription holds for a consumer that is busy, unless it says otherwise itself: more
    /// forgives longer pauses and costs memory. Default 1024.</summary>
    public int SubscriptionCapacity { get; set; } = 1024;

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where the jitter comes from; tests give it a seed.</summary>
    internal Random Random { get; set; } = Random.Shared;
}
