namespace Signalbox.Client;

/// <summary>A part of a listing.</summary>
/// <param name="Cursor">Where the next part begins; null where this was the last.</param>
internal readonly record struct Page<T>(IReadOnlyList<T> Entries, string? Cursor);
