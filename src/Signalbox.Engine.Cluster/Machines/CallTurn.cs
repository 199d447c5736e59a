namespace Signalbox.Engine.Cluster.Machines;

/// <summary>Which of the calls that one process makes of one grain this is.</summary>
/// <param name="Caller">The process; zero where the order is of no matter.</param>
/// <param name="Lane">Begun anew whenever no call is under way, and greater each time.</param>
/// <param name="Number">From zero on in each lane.</param>
[GenerateSerializer]
[Immutable]
internal readonly record struct CallTurn(
    [property: Id(0)] long Caller, [property: Id(1)] long Lane, [property: Id(2)] long Number)
{
    public static CallTurn Any => default;
}
