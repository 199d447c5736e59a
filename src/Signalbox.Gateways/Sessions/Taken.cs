namespace Signalbox.Gateways.Sessions;

/// <summary>What was at the front of the bytes that a peer sent.</summary>
internal enum Taken : byte
{
    /// <summary>No whole frame, or none that can be read; the session knows which.</summary>
    Nothing,

    /// <summary>A body that should be a command.</summary>
    Command,

    /// <summary>Something that is about the connection itself, and is done.</summary>
    Control,
}
