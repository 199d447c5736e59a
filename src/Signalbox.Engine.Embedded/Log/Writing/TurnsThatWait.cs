using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>How many of a thread's turns have to do with the log: the others are those that a flush would hold up.</summary>
internal sealed class TurnsThatWait
{
    // Of five turns one may be about something else.
    private const int OfOnesElse = 4;

    [ThreadStatic]
    private static TurnsThatWait? _here;

    private long _counted;
    private long _count;
    private long _from;

    private static TurnsThatWait Here => _here ??= new();

    /// <summary>In this turn something began to wait for the log, or is written to it.</summary>
    public static void Count()
    {
        var here = Here;
        if (here._counted == Turn.Number) return;

        here._counted = Turn.Number;
        here._count++;
    }

    /// <summary>Whether almost all turns of this thread since the last call, without the present one, have been counted.</summary>
    public static bool TakeAreAlmostAll()
    {
        var here = Here;
        var others = Turn.Number - here._from - here._count;
        var areAlmostAll = here._count > 0 && others <= here._count / OfOnesElse;
        here._from = Turn.Number;
        here._count = 0;
        return areAlmostAll;
    }
}
