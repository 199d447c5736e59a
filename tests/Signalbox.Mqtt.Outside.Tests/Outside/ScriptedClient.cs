using System.Text.Json;
using Signalbox.Web.Outside.Tests.Outside;

namespace Signalbox.Mqtt.Outside.Tests.Outside;

/// <summary>A client in a script of ours, which does what it is told and tells what happens to it.</summary>
internal sealed class ScriptedClient(OutsideProgram program) : IAsyncDisposable
{
    private readonly List<Heard> _heard = [];

    /// <summary>The messages that it told of so far.</summary>
    public IReadOnlyList<Heard> Messages => _heard;

    public static ScriptedClient Start(Language language, Wish wish)
    {
        var (path, script) = Parts.Client(language);
        return new(OutsideProgram.Start(path, [script, JsonSerializer.Serialize(wish, JsonSerializerOptions.Web)]));
    }

    /// <summary>Waits until it is let in, and says whether its session was there.</summary>
    public async Task<bool> ReadOpenAsync() => (await ReadUntilAsync("open")).GetProperty("present").GetBoolean();

    public Task ReadRefusedAsync() => ReadUntilAsync("refused");

    /// <returns>The QoS that was granted, or the reason why none was.</returns>
    public async Task<int> SubscribeAsync(string topic, int qos)
    {
        await TellAsync(new { what = "subscribe", topic, qos });
        return (await ReadUntilAsync("subscribed")).GetProperty("qos").GetInt32();
    }

    public async Task PublishAsync(
        string topic, string payload, int qos = 1, bool retain = false, IReadOnlyDictionary<string, string>? user = null)
    {
        await TellAsync(new { what = "publish", topic, payload, qos, retain, user });
        await ReadUntilAsync("published");
    }

    /// <summary>Waits until it has told of so many messages.</summary>
    public async Task<IReadOnlyList<Heard>> ReadAsync(int count)
    {
        while (_heard.Count < count) await ReadUntilAsync("message");
        return _heard;
    }

    /// <summary>Lets it say goodbye.</summary>
    public async Task LeaveAsync()
    {
        await using (program) await program.EndAsync();
    }

    /// <summary>Ends it without a word.</summary>
    public ValueTask DropAsync() => program.DisposeAsync();

    public ValueTask DisposeAsync() => program.DisposeAsync();

    private Task TellAsync(object what) => program.WriteLineAsync(JsonSerializer.Serialize(what));

    private async Task<JsonElement> ReadUntilAsync(string happening)
    {
        while (true)
        {
            using var document = JsonDocument.Parse(await program.ReadLineAsync($"'{happening}'"));
            var told = document.RootElement.Clone();
            var at = told.GetProperty("at").GetString();
            if (at == "message") _heard.Add(told.Deserialize<Heard>(JsonSerializerOptions.Web)!); // It is an object.
            if (at == happening) return told;
        }
    }

    /// <summary>How a client comes.</summary>
    public sealed record Wish(int Version, string Transport, int Port, string Id)
    {
        public bool Clean { get; init; } = true;

        public int Expiry { get; init; } = 60;

        public int Aliases { get; init; }

        public string? User { get; init; }

        public string? Password { get; init; }

        public Will? Will { get; init; }
    }

    public sealed record Will(string Topic, string Payload, int Qos, bool Retain);

    public sealed record Heard(string Topic, string Payload, int Qos, bool Retain, Dictionary<string, string> User)
    {
        public override string ToString() => $"{Topic}={Payload} q{Qos}{(Retain ? " retained" : "")}";
    }
}
