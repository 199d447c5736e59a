namespace Signalbox.Engine.Listing;

/// <summary>Everything that can happen to a <see cref="NameRegister"/>.</summary>
public abstract record NameFact(string Name);

/// <summary>There may be a machine of this name from now on, and what was known of it before counts no more.</summary>
/// <param name="DueAt">When somebody has to look after it; null for never.</param>
public sealed record NameAdded(string Name, DateTimeOffset? DueAt) : NameFact(Name);

/// <summary>There is no machine of this name now.</summary>
/// <param name="DueAt">When somebody has to look after what it has left behind; null where that is nothing.</param>
public sealed record NameRemoved(string Name, DateTimeOffset? DueAt) : NameFact(Name);
