using Signalbox.Engine.Embedded.Log.Tools;

namespace Signalbox.Server.LogCommands;

/// <summary><c>log repair</c>: makes a new log of what is readable, and sets the damaged one aside.</summary>
internal static class RepairCommand
{
    private const int MostShown = 20;

    public static bool Run(LogArguments arguments)
    {
        arguments.Allow(operands: 0, filters: false);
        var options = ServerApp.ReadOptions(arguments.Settings);
        if (options.Validate().FirstOrDefault() is { } problem) throw new InvalidDataException(problem);

        var repaired = LogRepair.Run(arguments.OpenDisk(), TimeProvider.System, options.Data.ToOptions(), options.ToSetup());
        if (repaired is null)
        {
            Console.WriteLine("There is nothing to repair: the log is good.");
            return true;
        }

        Tell(repaired);
        ReportText.Write(repaired.After, Console.Out);
        return repaired.After.IsGood;
    }

    private static void Tell(RepairReport repaired)
    {
        foreach (var damage in repaired.Before.Damages.Take(MostShown)) Console.WriteLine(damage);
        var more = repaired.Before.Damages.Count - MostShown;
        if (more > 0) Console.WriteLine($"and {more} damaged places more");
        Console.WriteLine(
            $"{repaired.Before.LostPositions} positions could not be read, {repaired.Applied} entries could be used.");

        foreach (var kind in repaired.LeftOut.GroupBy(one => one.Kind))
        {
            Console.WriteLine(
                $"{kind.Sum(one => one.Count)} entries of {kind.Count()} names of kind {EntryText.NameOf(kind.Key)} "
                + "could be read, but what was before them is lost: they are left out.");
        }

        foreach (var one in repaired.LeftOut.Take(MostShown))
        {
            Console.WriteLine($"  {EntryText.NameOf(one.Kind)} {EntryText.Quoted(one.Name)}: {one.Count}");
        }

        var others = repaired.LeftOut.Count - MostShown;
        if (others > 0) Console.WriteLine($"  and {others} names more");
        Console.WriteLine($"The damaged files are in {repaired.Folder}. The new log:");
    }
}
