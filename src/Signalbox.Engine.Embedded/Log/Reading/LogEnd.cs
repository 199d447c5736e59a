namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>Where the log ended when it was read, and how.</summary>
/// <param name="Last">The last position; 0 in a log that has none.</param>
/// <param name="LastSegment">The number of the last segment, 0 where there is none.</param>
/// <param name="WasClosed">Whether it was closed in order, so that nothing at all can be missing.</param>
/// <param name="Torn">The end that a crash left half written, and that nobody was ever told of; null for none.</param>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Bytes">How long they are on disk.</param>
public sealed record LogEnd(long Last, long LastSegment, bool WasClosed, TornTail? Torn, long Entries, long Bytes);

/// <summary>What a crash left half written at the end of a file.</summary>
public sealed record TornTail(string File, long Offset, long Bytes);
