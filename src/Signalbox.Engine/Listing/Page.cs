namespace Signalbox.Engine.Listing;

/// <summary>A part of an enumeration in the order of the names (by code unit).</summary>
/// <param name="Next">The cursor for the next page; null where this is the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Entries, string? Next);
