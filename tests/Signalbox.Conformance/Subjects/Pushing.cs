namespace Signalbox.Conformance.Subjects;

/// <summary>How an item is pushed.</summary>
public sealed record Pushing
{
    public static readonly Pushing Plain = new();

    public int Priority { get; init; }

    public TimeSpan Delay { get; init; }

    public TimeSpan? Ttl { get; init; }

    public string? Id { get; init; }
}
