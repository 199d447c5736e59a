namespace Signalbox.Engine.Cluster.Machines;

/// <summary>Which of the calls that one process makes of one grain this is.</summary>
/// <param name="Caller">The process; zero where the order is of no matter.</param>
/// <param name="Lane">Begun anew whenever no call is under way, and greater each time.</param>
/// <param name="Number">From zero on in each lane.</param>
/// <remarks>A class, since Orleans looks at each argument of a call as an object, on both sides.</remarks>
[GenerateSerializer]
[Immutable]
[SuppressReferenceTracking]
internal sealed record CallTurn(
    [property: Id(0)] long Caller, [property: Id(1)] long Lane, [property: Id(2)] long Number)
{
    public static CallTurn Any { get; } = new(0, 0, 0);
}
