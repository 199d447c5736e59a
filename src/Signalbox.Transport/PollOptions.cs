using System.Net.Sockets;

namespace Signalbox.Transport;

/// <summary>What the transport is told of its sockets.</summary>
public sealed class PollOptions
{
    /// <summary>As many connections may wait to be accepted.</summary>
    public int Backlog { get; init; } = 4096;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Called with each socket that is going to listen: connections have its settings.</summary>
    public Action<Socket>? Configure { get; init; }
}
