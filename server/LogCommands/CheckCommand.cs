using Signalbox.Engine.Embedded.Log.Tools;

namespace Signalbox.Server.LogCommands;

/// <summary><c>log check</c>: reads everything, and says what there is and what should be.</summary>
internal static class CheckCommand
{
    public static bool Run(LogArguments arguments)
    {
        arguments.Allow(operands: 0, filters: false);
        var report = LogCheck.Run(arguments.OpenDisk());
        ReportText.Write(report, Console.Out);
        return report.IsGood;
    }
}
