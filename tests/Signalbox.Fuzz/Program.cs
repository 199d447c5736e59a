using System.Diagnostics;
using System.Globalization;
using Signalbox.Fuzz;

// signalbox-fuzz --target frames|commands|websockets|mqtt --seconds N --seed S
// Exit code 0: no promise broken. 1: one was, and its input is printed. 2: it did not run.
var targetName = Argument("--target");
var target = targetName is null ? null : FuzzTarget.Find(targetName);
if (target is null
    || !int.TryParse(Argument("--seconds") ?? "10", CultureInfo.InvariantCulture, out var seconds)
    || !int.TryParse(Argument("--seed") ?? "1", CultureInfo.InvariantCulture, out var seed))
{
    var names = string.Join('|', FuzzTarget.All.Select(known => known.Name));
    Console.Error.WriteLine($"usage: --target {names} [--seconds 10] [--seed 1]");
    return 2;
}

var corpus = target.LoadCorpus();
foreach (var (name, input) in corpus)
{
    if (Breaks(input, name)) return 1;
}

var mutator = new Mutator(new Random(seed), [.. corpus.Select(entry => entry.Value)]);
var time = Stopwatch.StartNew();
long runs = 0;
while (time.Elapsed < TimeSpan.FromSeconds(seconds))
{
    runs++;
    if (Breaks(mutator.Next(), $"seed {seed}, input {runs}")) return 1;
}

Console.WriteLine($"{target.Name}: {runs} inputs of seed {seed}, no promise broken.");
return 0;

string? Argument(string name) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

bool Breaks(byte[] input, string origin)
{
    try
    {
        target.Check(input);
        return false;
    }
    catch (Exception broken)
    {
        // Whatever is thrown is a find.
        Console.Error.WriteLine($"{target.Name}: {origin}: {broken}");
        Console.Error.WriteLine($"input as base64, for Corpus/{target.Name}: {Convert.ToBase64String(input)}");
        return true;
    }
}
