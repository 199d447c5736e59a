namespace Signalbox.Protocol.Commands;

/// <summary>What came of reading a body as a command.</summary>
public enum CommandReadStatus : byte
{
    Ok,

    /// <summary>Not UTF-8, not JSON, nested too deep, or not an object. Error 760, and the connection ends.</summary>
    NotAnObject,

    /// <summary>An object without a field. Error 730.</summary>
    Empty,

    /// <summary>The field <c>command</c> is missing, not a string, or empty. Error 710.</summary>
    NoCommand,

    /// <summary>No command has this name. Error 720.</summary>
    UnknownCommand,
}
