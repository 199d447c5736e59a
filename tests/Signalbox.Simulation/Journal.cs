using System.Globalization;

namespace Signalbox.Simulation;

/// <summary>What was done, step by step: its end is what a person reads when a promise was broken.</summary>
internal sealed class Journal
{
    private const int KeptLines = 60;

    private readonly Queue<string> _lines = new();
    private ulong _digest = 14695981039346656037;

    public int Step { get; set; }

    public IReadOnlyCollection<string> Tail => _lines;

    /// <summary>A number that two runs share which did the same and saw the same.</summary>
    public string Digest => _digest.ToString("x16", CultureInfo.InvariantCulture);

    public void Note(string line)
    {
        foreach (var letter in line) _digest = (_digest ^ letter) * 1099511628211;
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{Step,5}  {line}"));
        if (_lines.Count > KeptLines) _lines.Dequeue();
    }
}
