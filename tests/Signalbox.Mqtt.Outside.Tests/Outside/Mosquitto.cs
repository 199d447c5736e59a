using System.Text.Json;
using Signalbox.Web.Outside.Tests.Outside;

namespace Signalbox.Mqtt.Outside.Tests.Outside;

/// <summary>The command-line clients of Eclipse Mosquitto: one that listens, and one that publishes and goes.</summary>
internal sealed class Mosquitto(OutsideProgram program) : IAsyncDisposable
{
    private readonly List<Heard> _heard = [];

    /// <summary>Starts mosquitto_sub, and waits until it is subscribed.</summary>
    public static async Task<Mosquitto> SubscribeAsync(int port, string version, string topic, int qos, params string[] more)
    {
        // With -d it says when it is subscribed, among much else; what it says to a pipe it keeps to itself for a while.
        string[] arguments = ["-oL", Parts.Mosquitto("mosquitto_sub"), "-p", $"{port}", "-V", version, "-t", topic, "-q", $"{qos}", "-d", "-F", "%j", .. more];
        var program = OutsideProgram.Start("stdbuf", arguments);
        var mosquitto = new Mosquitto(program);
        try
        {
            while (await mosquitto.ReadLineAsync("its subscription") is var line && !line.StartsWith("Subscribed", StringComparison.Ordinal))
            {
                // What waited in its session comes before.
            }

            return mosquitto;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs mosquitto_pub to its end.</summary>
    public static async Task PublishAsync(int port, string version, string topic, int qos, string message, params string[] more)
    {
        string[] arguments = ["-p", $"{port}", "-V", version, "-t", topic, "-q", $"{qos}", "-m", message, .. more];
        await using var program = OutsideProgram.Start(Parts.Mosquitto("mosquitto_pub"), arguments);
        await program.EndAsync();
    }

    /// <summary>Publishes each of these with the same mosquitto_pub.</summary>
    public static async Task PublishAllAsync(int port, string version, string topic, int qos, IEnumerable<string> messages)
    {
        string[] arguments = ["-p", $"{port}", "-V", version, "-t", topic, "-q", $"{qos}", "-l"];
        await using var program = OutsideProgram.Start(Parts.Mosquitto("mosquitto_pub"), arguments);
        foreach (var message in messages) await program.WriteLineAsync(message);
        await program.EndAsync();
    }

    /// <summary>Waits until it has told of so many messages.</summary>
    public async Task<IReadOnlyList<Heard>> ReadAsync(int count)
    {
        while (_heard.Count < count) await ReadLineAsync($"message {_heard.Count + 1} of {count}");
        return _heard;
    }

    /// <summary>Ends without a word.</summary>
    public ValueTask DropAsync() => program.DisposeAsync();

    public ValueTask DisposeAsync() => program.DisposeAsync();

    private async Task<string> ReadLineAsync(string phase)
    {
        var line = await program.ReadLineAsync(phase);
        if (line.StartsWith('{')) _heard.Add(JsonSerializer.Deserialize<Heard>(line, JsonSerializerOptions.Web)!); // An object.
        return line;
    }

    public sealed record Heard(string Topic, int Qos, int Retain, string Payload, Dictionary<string, JsonElement>? Properties)
    {
        public string? User(string name) => Properties?.GetValueOrDefault("user-properties").GetProperty(name).GetString();

        public override string ToString() => $"{Topic}={Payload} q{Qos}{(Retain == 1 ? " retained" : "")}";
    }
}
