using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Tools;

namespace Signalbox.Server.LogCommands;

/// <summary><c>log backup</c>: copies the log as it is now, and checks the copy.</summary>
internal static class BackupCommand
{
    public static bool Run(LogArguments arguments)
    {
        arguments.Allow(operands: 1, filters: false);
        var source = arguments.OpenDisk();
        var directory = Path.GetFullPath(arguments.Operand(0));
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new UsageException($"{directory} is not empty");
        }

        var report = LogBackup.Run(source, new RealDisk(directory));
        ReportText.Write(report, Console.Out);
        return report.IsGood;
    }
}
