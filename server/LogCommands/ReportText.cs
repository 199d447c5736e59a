using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Tools;

namespace Signalbox.Server.LogCommands;

/// <summary>What is on the disk, in lines for a person.</summary>
internal static class ReportText
{
    private const int MostDamages = 100;

    public static void Write(LogReport report, TextWriter output)
    {
        if (report.Checkpoint is { To: > 0 } checkpoint)
        {
            output.WriteLine(
                $"checkpoint: all that counts is told from position {checkpoint.From} on, complete at {checkpoint.To} ({checkpoint.Bytes} bytes)");
        }

        foreach (var file in report.Needless) output.WriteLine($"{file}: from before the checkpoint, not needed any more");
        foreach (var segment in report.Segments) output.WriteLine(Of(segment));
        if (report.Torn is { } torn) output.WriteLine(Of(torn));
        foreach (var damage in report.Damages.Take(MostDamages)) output.WriteLine(damage);
        if (report.Damages.Count > MostDamages) output.WriteLine($"and {report.Damages.Count - MostDamages} damaged places more");
        output.WriteLine(Verdict(report));
    }

    public static string Of(TornTail torn) =>
        $"{torn.File}: the end from byte {torn.Offset} on is not whole. A crash cut short what nobody had been told of, "
        + "or a running server is just writing it.";

    private static string Of(SegmentReport segment)
    {
        if (segment.Used == 0) return $"{segment.File}: {segment.Bytes} bytes, reserved and not begun";

        var format = segment.Format is { } number ? $"format {number}" : "unknown format";
        if (segment.Frames == 0) return $"{segment.File}: {format}, {segment.Bytes} bytes, no frame";

        var positions = segment.First == 0 ? "no positions" : $"positions {segment.First} to {segment.Last}";
        return $"{segment.File}: {format}, {positions}, {segment.Used} of {segment.Bytes} bytes, {segment.Frames} frames, "
            + $"{segment.FirstTime:yyyy-MM-dd HH:mm:ss}Z to {segment.LastTime:yyyy-MM-dd HH:mm:ss}Z";
    }

    private static string Verdict(LogReport report) => report switch
    {
        { IsGood: false } => $"The log is damaged in {report.Damages.Count} places; {report.LostPositions} positions are lost.",
        { WasClosed: true } => $"The log is good. It ends at position {report.Last}, closed in order.",
        _ => $"The log is good. It ends at position {report.Last}.",
    };
}
