using System.Text.Json;
using Signalbox.Core.Channels;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>
/// Reads where a subscriber was: for one key a number in <c>since</c> and a text in <c>epoch</c>, for many an object of
/// such by channel in each of them.
/// </summary>
internal static class Positions
{
    public static bool TryRead(
        CommandSession session, Command command, IReadOnlyList<string> names, out Dictionary<string, ChannelPosition> positions)
    {
        positions = [];
        if (command.TypeOf(CommandField.Since) is JsonTokenType.None or JsonTokenType.Null) return true;

        if (command.TypeOf(CommandField.Since) == JsonTokenType.StartObject)
        {
            try
            {
                return TryReadMany(session, command, positions);
            }
            catch (InvalidOperationException)
            {
                // How the document says that a name holds half a surrogate pair, which is no text.
                return Malformed(session, command, "since", "offsets");
            }
        }

        if (!Arguments.TryNumber(session, command, CommandField.Since, 0, long.MaxValue, 0, out var since)) return false;
        if (!Arguments.TryText(session, command, CommandField.Epoch, out var epoch)) return false;
        foreach (var name in names) positions[name] = new ChannelPosition(epoch ?? "", since);
        return true;
    }

    private static bool TryReadMany(CommandSession session, Command command, Dictionary<string, ChannelPosition> positions)
    {
        var epochs = new Dictionary<string, string>();
        if (command.TypeOf(CommandField.Epoch) == JsonTokenType.StartObject)
        {
            using var document = JsonDocument.Parse(command.Raw(CommandField.Epoch));
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (entry.Value.ValueKind != JsonValueKind.String) return Malformed(session, command, "epoch", "texts");
                epochs[entry.Name] = entry.Value.GetString()!; // A string is not null.
            }
        }

        using var offsets = JsonDocument.Parse(command.Raw(CommandField.Since));
        foreach (var entry in offsets.RootElement.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt64(out var offset) || offset < 0)
            {
                return Malformed(session, command, "since", "offsets");
            }

            positions[entry.Name] = new ChannelPosition(epochs.GetValueOrDefault(entry.Name, ""), offset);
        }

        return true;
    }

    private static bool Malformed(CommandSession session, Command command, string field, string what)
    {
        session.Fail(command, ErrorCode.Malformed, $"The field '{field}' must be one of, or an object of channels and, {what}.");
        return false;
    }
}
