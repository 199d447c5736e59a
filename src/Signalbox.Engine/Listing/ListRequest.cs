namespace Signalbox.Engine.Listing;

/// <param name="Prefix">What the names begin with; empty for all.</param>
/// <param name="After">The cursor of the page before; null for the first page.</param>
public sealed record ListRequest(string Prefix, string? After, int Limit);
