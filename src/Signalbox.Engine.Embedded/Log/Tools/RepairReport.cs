namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>What became of a damaged log.</summary>
/// <param name="Folder">Where the old files are now, in the directory of the log.</param>
/// <param name="Applied">How many entries the new log is made of.</param>
/// <param name="LeftOut">Whose entries did not fit any more, since something before them is lost.</param>
public sealed record RepairReport(
    LogReport Before, LogReport After, string Folder, long Applied, IReadOnlyList<LeftOut> LeftOut);

/// <summary>A machine of which entries were readable, and could not be used.</summary>
public sealed record LeftOut(MachineKind Kind, string Name, long Count);
