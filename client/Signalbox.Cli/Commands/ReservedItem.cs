using System.Text;
using System.Text.Json;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

/// <summary>An item that stays reserved when this process ends, and the receipt by which another settles it.</summary>
internal sealed class ReservedItem
{
    private readonly JsonElement _reply;

    private ReservedItem(JsonElement reply) => _reply = reply;

    public string Receipt => _reply.GetProperty("receipt").GetString() ?? "";

    public DateTimeOffset Until => DateTimeOffset.FromUnixTimeMilliseconds(_reply.GetProperty("until").GetInt64());

    public Payload Value
    {
        get
        {
            var value = _reply.GetProperty("value");
            if (_reply.TryGetProperty("encoding", out _)) return Payload.FromBinary(value.GetBytesFromBase64());
            return value.ValueKind == JsonValueKind.String
                ? Payload.FromText(value.GetString() ?? "")
                : Payload.FromJson(Encoding.UTF8.GetBytes(value.GetRawText()));
        }
    }

    /// <param name="wait">Null to wait for ever.</param>
    /// <returns>Null where there was none in time.</returns>
    public static async Task<ReservedItem?> PopAsync(Run run, string queue, TimeSpan lease, TimeSpan? wait)
    {
        var isBlocking = wait != TimeSpan.Zero;
        var reply = await new ReceiptCall(run).SendAsync("qpop", fields =>
        {
            fields.Property("key"u8);
            fields.Text(queue);
            fields.Property("reserve"u8);
            fields.Number((long)lease.TotalMilliseconds);
            if (!isBlocking) return;

            fields.Property("block"u8);
            fields.Boolean(true);
            if (wait is not { } time) return;

            fields.Property("timeout"u8);
            fields.Number((long)time.TotalMilliseconds);
        }, wait + run.Options.CommandTimeout).ConfigureAwait(false);

        return reply.TryGetProperty("receipt", out _) ? new ReservedItem(reply) : null;
    }

    public void Write(Utf8JsonWriter json)
    {
        foreach (var name in (string[])["item", "priority", "attempts", "time", "user", "receipt", "until"])
        {
            if (!_reply.TryGetProperty(name, out var field)) continue;
            json.WritePropertyName(name);
            field.WriteTo(json);
        }

        Printer.WriteValue(json, Value);
    }
}
