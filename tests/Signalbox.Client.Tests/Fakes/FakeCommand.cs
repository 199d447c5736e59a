using System.Text.Json;

namespace Signalbox.Client.Tests.Fakes;

/// <summary>A command as it came over the wire.</summary>
internal sealed class FakeCommand(JsonElement json)
{
    public string Name => json.GetProperty("command").GetString()!; // The client writes one.

    public string Key => json.GetProperty("key").GetString()!; // As above.

    public string Seq => json.GetProperty("seq").GetRawText();

    public string this[string field] => json.GetProperty(field).GetRawText();

    public bool Has(string field) => json.TryGetProperty(field, out _);

    public override string ToString() => json.GetRawText();
}
