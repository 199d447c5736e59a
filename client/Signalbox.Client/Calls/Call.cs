using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>A command on its way: waiting for a connection, or for its reply.</summary>
internal abstract class Call
{
    public abstract CallTraits Traits { get; }

    /// <summary>The number by which the reply finds it. Each sending has its own.</summary>
    public long Seq { get; set; }

    /// <summary>Where its frame begins in all that its connection has been given to send.</summary>
    public long StartsAt { get; set; }

    /// <summary>When it is given up, as a timestamp of the clock.</summary>
    public long Deadline { get; set; }

    /// <summary>Whether an earlier connection took it along, with an outcome that is unknown.</summary>
    public bool WasSent { get; set; }

    /// <summary>Whether its owner has an answer, or has stopped waiting for one.</summary>
    public abstract bool IsDone { get; }

    /// <summary>Writes the whole object.</summary>
    public abstract void Write(ReplyWriter writer);

    /// <summary>Called by the reader of the connection, before it reads on.</summary>
    public abstract void Complete(Reply reply);

    public abstract void Fail(Exception reason);
}
