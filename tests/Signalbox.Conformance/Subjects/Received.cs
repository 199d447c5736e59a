namespace Signalbox.Conformance.Subjects;

public enum ReceivedKind
{
    Message,

    /// <summary>The channel's value, given to a new subscriber.</summary>
    Retained,

    Joined,
    Left,
    Broadcast,
}

/// <summary>Something that came for a connection without being asked for.</summary>
/// <param name="Channel">Empty for a broadcast.</param>
/// <param name="Value">For somebody who joined or left: the name.</param>
/// <param name="Offset">0 where it has none.</param>
public sealed record Received(ReceivedKind Kind, string Channel, string Value, long Offset)
{
    public static Received Message(string channel, string value, long offset) =>
        new(ReceivedKind.Message, channel, value, offset);
}
