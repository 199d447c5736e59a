using System.Diagnostics;
using System.Globalization;
using Signalbox.Simulation;

// signalbox-simulation [--seed N | --seeds FROM..TO] [--steps N]
// Exit code 0: no promise broken. 1: one was, and the seed and the last steps are printed. 2: it did not run.
const int UsualSteps = 3000;
if (!TryRange(out var from, out var to)
    || !int.TryParse(Argument("--steps") ?? $"{UsualSteps}", CultureInfo.InvariantCulture, out var steps))
{
    Console.Error.WriteLine($"usage: [--seed N | --seeds FROM..TO] [--steps {UsualSteps}]");
    return 2;
}

var time = Stopwatch.StartNew();
for (var seed = from; seed <= to; seed++)
{
    if (Breaks(new LogSimulation(seed), seed) || Breaks(new Simulation(seed), seed)) return 1;
}

Console.WriteLine($"seeds {from}..{to}, {steps} steps each, in {time.Elapsed.TotalSeconds:F1} s: no promise broken.");
return 0;

bool Breaks(ISimulation simulation, int seed)
{
    var name = $"{simulation.GetType().Name}, seed {seed}";
    try
    {
        simulation.Run(steps);
        if (from == to) Console.WriteLine($"{name}: digest {simulation.Digest}");
        return false;
    }
    catch (Exception broken)
    {
        // Whatever is thrown is a find.
        foreach (var line in simulation.JournalTail) Console.Error.WriteLine(line);
        Console.Error.WriteLine($"{name}: {broken}");
        Console.Error.WriteLine($"again: --seed {seed} --steps {steps}");
        return true;
    }
}

bool TryRange(out int first, out int last)
{
    var single = Argument("--seed");
    var range = (Argument("--seeds") ?? "1..50").Split("..");
    last = 0;
    return int.TryParse(single ?? range[0], CultureInfo.InvariantCulture, out first)
        && int.TryParse(single ?? range[^1], CultureInfo.InvariantCulture, out last);
}

string? Argument(string name) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
