namespace Signalbox.Transport;

/// <summary>What there is for a connection that has come.</summary>
public enum ConnectionPlace : byte
{
    /// <summary>A place of its own, for as long as it stays.</summary>
    Own,

    /// <summary>Nothing but the moment it takes to tell it so.</summary>
    Refusal,

    /// <summary>Not even that.</summary>
    None,
}
