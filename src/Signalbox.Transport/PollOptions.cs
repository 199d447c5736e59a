using System.Net.Sockets;

namespace Signalbox.Transport;

/// <summary>What the transport is told of its sockets.</summary>
public sealed class PollOptions
{
    /// <summary>As many connections may wait to be accepted.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>How many connections there may be.</summary>
    public ConnectionQuota Quota { get; init; } = ConnectionQuota.Any;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal Kernel Kernel { get; init; } = Kernel.Real;

    /// <summary>Called with each socket that is going to listen: connections have its settings.</summary>
    public Action<Socket>? Configure { get; init; }

    /// <summary>Called on a loop's thread before it works on what has come on one connection.</summary>
    public Action BeginTurn { get; init; } = static () => { };

    /// <summary>Called when the work has come to where it waits for more: what it has set in motion can be done together.</summary>
    public Action EndTurn { get; init; } = static () => { };

    /// <summary>Called once on each loop's thread, with the way to hand it work from other threads.</summary>
    public Action<Action<IThreadPoolWorkItem>> OnThread { get; init; } = static _ => { };
}
