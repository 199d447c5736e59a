using System.Text;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Tools;

namespace Signalbox.Server.LogCommands;

/// <summary><c>log dump</c>: writes down what the log says.</summary>
internal static class DumpCommand
{
    public static bool Run(LogArguments arguments)
    {
        arguments.Allow(operands: 0, filters: true);
        var filter = new DumpFilter
        {
            From = arguments.Position("from") ?? 1,
            To = arguments.Position("to") ?? long.MaxValue,
            Kind = arguments.Text("kind") is { } kind ? KindOf(kind) : null,
            Name = arguments.Text("name"),
        };

        // The console's own writer makes a system call a line.
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), bufferSize: 64 * 1024);
        var report = LogDump.Run(arguments.OpenDisk(), filter, arguments.ShowsPayloads, output.WriteLine);
        if (report.Torn is { } torn) output.WriteLine($"# {ReportText.Of(torn)}");
        return report.IsGood;
    }

    private static MachineKind KindOf(string name) => name switch
    {
        "hash" => MachineKind.HashKey,
        "queue" => MachineKind.Queue,
        "channel" => MachineKind.Channel,
        "user" => MachineKind.User,
        "mqtt" => MachineKind.MqttSession,
        _ => throw new UsageException($"--kind {name} is none of hash, queue, channel, user, mqtt"),
    };
}
