using Signalbox.TestKit;

namespace Signalbox.Server.Tests.Killing;

/// <summary>The process is killed while MQTT clients are in the middle of everything, and they come back to the next one.</summary>
public sealed class MqttKillTests
{
    private const int Rounds = 3;

    [Fact]
    public async Task After_a_kill_every_acknowledged_message_comes_to_its_session_and_those_of_QoS_2_once()
    {
        var random = new Random(1);
        var data = Directory.CreateTempSubdirectory("signalbox-mqtt-kill-");
        try
        {
            var port = FreePorts.Next();
            string[] arguments =
            [
                "--Tcp:Port", "0", "--Mqtt:Port", $"{port}", "--Data:Directory", data.FullName, "--Data:SegmentBytes", "1048576",
                "--Channels:0:Filter", "log/#", "--Channels:0:HistorySize", "1000000", "--Channels:0:HistoryAge", "1.00:00:00",
            ];
            var load = new MqttLoad(port);
            for (var round = 0; round < Rounds; round++)
            {
                await using var server = ServerProcess.Start(arguments);
                await server.ReadyAsync();
                await load.RunAsync(random.Next(100, 2000), server.Kill);
                await server.EndAsync();
            }

            await using var last = ServerProcess.Start(arguments);
            await last.ReadyAsync();
            await load.CheckAsync();
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
