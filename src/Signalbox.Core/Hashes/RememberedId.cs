namespace Signalbox.Core.Hashes;

/// <summary>The answer that a set or an increment with this idempotency id got.</summary>
/// <param name="Number">The value that was set, where it is a whole number: what an increment answered.</param>
internal sealed record RememberedId(string Id, long Version, long? Number, DateTimeOffset Until);
