using System.Text.Json;

namespace Signalbox.Web.Outside.Tests.Outside;

/// <summary>A client in a script of ours, which tells all that happens to it, a JSON object a line.</summary>
internal sealed class ScriptedClient(OutsideProgram program) : IAsyncDisposable
{
    private readonly List<Heard> _heard = [];

    /// <summary>The messages that it told of so far.</summary>
    public IReadOnlyList<Heard> Messages => _heard;

    public static ScriptedClient Start(string script, string package, params string[] arguments) =>
        new(OutsideProgram.Start(Parts.Program("node"), [Parts.Script(script, package), .. arguments]));

    /// <summary>Waits until it tells of this, and keeps the messages that it tells of before.</summary>
    /// <param name="list">Where a page has several, of which one.</param>
    public async Task<JsonElement> ReadUntilAsync(string happening, string? list = null)
    {
        while (true)
        {
            using var document = JsonDocument.Parse(await program.ReadLineAsync($"'{happening}' {list}"));
            var told = document.RootElement.Clone();
            var at = told.GetProperty("at").GetString();
            if (at == "message") _heard.Add(told.Deserialize<Heard>(JsonSerializerOptions.Web)!); // It is an object.
            if (at == happening && (list is null || told.GetProperty("list").GetString() == list)) return told;
        }
    }

    /// <summary>Waits until it is connected, and says whether it lost nothing.</summary>
    public async Task<bool> ReadOpenAsync(string? list = null) =>
        (await ReadUntilAsync("open", list)).GetProperty("recovered").GetBoolean();

    /// <summary>Waits until the last message is this one.</summary>
    public async Task ReadMessageAsync(string channel, string value)
    {
        while (_heard.LastOrDefault() is not { } last || (last.Channel, last.Value) != (channel, value))
        {
            await ReadUntilAsync("message");
        }
    }

    public Task WriteLineAsync(string line) => program.WriteLineAsync(line);

    public async ValueTask DisposeAsync()
    {
        await using (program) await program.EndAsync();
    }

    internal sealed record Heard(string Channel, long Offset, string Value);
}
