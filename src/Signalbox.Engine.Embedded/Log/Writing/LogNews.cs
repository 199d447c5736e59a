namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>Who is told what the operator should know.</summary>
public sealed record LogNews
{
    /// <summary>The log has stopped for good, and the engine with it.</summary>
    public Action<LogFailedException>? Failed { get; init; }

    /// <summary>No space can be reserved, for this reason: changes are refused.</summary>
    public Action<Exception>? NoRoom { get; init; }

    /// <summary>There is space again.</summary>
    public Action? RoomAgain { get; init; }
}
