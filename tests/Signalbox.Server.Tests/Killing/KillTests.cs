using System.Globalization;
using Signalbox.TestKit;

namespace Signalbox.Server.Tests.Killing;

/// <summary>The process is killed while many write, and starts again on what it left.</summary>
public sealed class KillTests
{
    /// <summary>How often; more by hand, with this variable.</summary>
    private const string RoundsVariable = "SIGNALBOX_TEST_KILLS";

    private const int UsualRounds = 3;

    private static readonly string[] Options =
    [
        // Small, so that segments end and checkpoints happen under the load.
        "--Data:SegmentBytes", "1048576",
        "--Channels:0:Filter", "log/#", "--Channels:0:HistorySize", "1000000", "--Channels:0:HistoryAge", "1.00:00:00",
    ];

    [Fact]
    public async Task Whatever_was_confirmed_is_there_after_a_kill_at_any_moment()
    {
        var rounds = int.Parse(
            Environment.GetEnvironmentVariable(RoundsVariable) ?? $"{UsualRounds}", CultureInfo.InvariantCulture);
        var random = new Random(1);
        var data = Directory.CreateTempSubdirectory("signalbox-kill-");
        try
        {
            for (var round = 0; round < rounds; round++) await RoundAsync(data.FullName, round, random.Next(200, 6000));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task RoundAsync(string data, int round, int answers)
    {
        var port = FreePorts.Next();
        string[] arguments = ["--Tcp:Port", $"{port}", "--Http:Port", "0", "--Mqtt:Port", "0", "--Data:Directory", data, .. Options];
        var load = new Load(port, round);
        await using (var server = ServerProcess.Start(arguments))
        {
            await server.ReadyAsync();
            await load.RunAsync(answers, server.Kill);
            await server.EndAsync();
        }

        await using var again = ServerProcess.Start(arguments);
        await again.ReadyAsync();
        await load.CheckAsync();
    }
}
