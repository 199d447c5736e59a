using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>What is on the disk, and what should be and is not.</summary>
/// <param name="Checkpoint">Where reading begins; null where that cannot be known.</param>
/// <param name="Needless">Files from before the checkpoint.</param>
/// <param name="Last">The last position; 0 in a log that has none.</param>
/// <param name="Torn">A last frame that is not whole. It was never confirmed, or is being written right now.</param>
public sealed record LogReport(
    Checkpoint? Checkpoint,
    IReadOnlyList<SegmentReport> Segments,
    IReadOnlyList<string> Needless,
    long Last,
    bool WasClosed,
    TornTail? Torn,
    IReadOnlyList<LogDamage> Damages)
{
    public bool IsGood => Damages.Count == 0;

    public long LostPositions => Damages.Sum(damage => damage.Lost);
}

/// <summary>What one segment file holds.</summary>
/// <param name="Format">Null where the file does not begin as a segment does.</param>
/// <param name="First">The first position in it, and <paramref name="Last"/> the last; 0 where it has none.</param>
/// <param name="Bytes">How long the file is; <paramref name="Used"/>: up to the end of the last whole frame.</param>
/// <param name="Reserved">How long it was made; 0 where it does not say so.</param>
public sealed record SegmentReport(
    string File,
    int? Format,
    long First,
    long Last,
    long Bytes,
    long Reserved,
    long Used,
    int Frames,
    DateTimeOffset? FirstTime,
    DateTimeOffset? LastTime);

/// <summary>A place where something is missing that had been on disk.</summary>
/// <param name="From">The first position that is lost there, and <paramref name="To"/> the last; 1 less for none.</param>
public sealed record LogDamage(string File, long Offset, long From, long To, string What)
{
    public long Lost => To - From + 1;

    public override string ToString()
    {
        var lost = Lost switch
        {
            < 1 => "",
            1 => $" Position {From} is lost.",
            _ => $" Positions {From} to {To} are lost.",
        };
        return $"{File} is damaged at byte {Offset}: {What}{lost}";
    }
}
