using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Listing;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Json;

namespace Signalbox.Gateways.Commands;

/// <summary>Reads what commands take. Each method says no by answering with the error and returning false.</summary>
internal static class Arguments
{
    /// <summary>The one key that names what the command is about.</summary>
    /// <param name="mayBeSystem">Whether a name that begins with <c>$</c> is allowed.</param>
    public static bool TryKey(CommandSession session, Command command, bool mayBeSystem, out string key)
    {
        key = "";
        switch (command.KeyKind)
        {
            case KeyKind.Missing:
                session.Fail(command, ErrorCode.Malformed, "The field 'key' is missing.");
                return false;

            case KeyKind.Many or KeyKind.Bad:
                session.Fail(command, ErrorCode.BadKey, "The field 'key' must be one string or integer.");
                return false;
        }

        return TryName(session, command, command.Key, mayBeSystem, out key);
    }

    /// <summary>One key or an array of them.</summary>
    public static bool TryKeys(CommandSession session, Command command, bool mayBeSystem, out List<string> keys)
    {
        keys = new List<string>(command.KeyCount);
        switch (command.KeyKind)
        {
            case KeyKind.Missing:
                session.Fail(command, ErrorCode.Malformed, "The field 'key' is missing.");
                return false;

            case KeyKind.Bad:
                session.Fail(command, ErrorCode.BadKey, "The field 'key' must be a string, an integer or an array of them.");
                return false;
        }

        if (command.KeyCount > session.Host.Options.MaxKeys)
        {
            session.Fail(command, ErrorCode.LimitExceeded, $"More than {session.Host.Options.MaxKeys} keys in one command.");
            return false;
        }

        foreach (var utf8 in command.Keys)
        {
            if (!TryName(session, command, utf8, mayBeSystem, out var key)) return false;
            keys.Add(key);
        }

        return true;
    }

    /// <summary>The value that a message, key or item is to have.</summary>
    public static bool TryPayload(CommandSession session, Command command, out Payload payload)
    {
        payload = default;
        if (command.ValueKind is ValueKind.Missing or ValueKind.Null)
        {
            session.Fail(command, ErrorCode.Malformed, "The field 'value' is missing.");
            return false;
        }

        if (!command.TryCopyValue(out var bytes, out var format))
        {
            session.Fail(
                command, ErrorCode.Malformed, "The field 'encoding' must be \"base64\", with 'value' as a string of that.");
            return false;
        }

        payload = new Payload(bytes, format switch
        {
            ValueFormat.Json => PayloadKind.Json,
            ValueFormat.Text => PayloadKind.Text,
            _ => PayloadKind.Binary,
        });
        return true;
    }

    public static bool TryHeaders(CommandSession session, Command command, out Headers headers)
    {
        headers = Headers.None;
        if (command.TypeOf(CommandField.User) is System.Text.Json.JsonTokenType.None) return true;

        var entries = new List<KeyValuePair<string, string>>();
        if (!command.TryCopyHeaders(entries, out var isPresent))
        {
            session.Fail(command, ErrorCode.Malformed, "The field 'user' must be an object of names and texts.");
            return false;
        }

        if (entries.Count > session.Host.Options.MaxHeaders)
        {
            session.Fail(command, ErrorCode.LimitExceeded, $"More than {session.Host.Options.MaxHeaders} headers.");
            return false;
        }

        if (isPresent && entries.Count > 0) headers = new Headers([.. entries]);
        return true;
    }

    /// <summary>A whole number, or the fallback where there is none.</summary>
    public static bool TryNumber(
        CommandSession session, Command command, CommandField field, long minimum, long maximum, long fallback, out long value)
    {
        if (command.TryGetInt64(field, out value, out var isPresent) && (!isPresent || (value >= minimum && value <= maximum)))
        {
            if (!isPresent) value = fallback;
            return true;
        }

        session.Fail(
            command,
            ErrorCode.Malformed,
            $"The field '{CommandFields.NameOf(field)}' must be a whole number from {minimum} to {maximum}.");
        return false;
    }

    /// <summary>A time in milliseconds; null where there is none.</summary>
    public static bool TryTime(CommandSession session, Command command, CommandField field, out TimeSpan? time)
    {
        time = null;
        if (!TryNumber(session, command, field, 0, MaxMilliseconds, -1, out var milliseconds)) return false;
        if (milliseconds >= 0) time = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    public static bool TryFlag(CommandSession session, Command command, CommandField field, out bool value)
    {
        if (command.TryGetBoolean(field, out value, out _)) return true;

        session.Fail(command, ErrorCode.Malformed, $"The field '{CommandFields.NameOf(field)}' must be true or false.");
        return false;
    }

    /// <summary>A text of at most 255 bytes; null where there is none.</summary>
    public static bool TryText(CommandSession session, Command command, CommandField field, out string? text)
    {
        if (command.TryGetText(field, out var utf8, out var isPresent) && utf8.Length <= Name.MaxBytes)
        {
            text = isPresent ? System.Text.Encoding.UTF8.GetString(utf8) : null;
            return true;
        }

        text = null;
        session.Fail(
            command,
            ErrorCode.Malformed,
            $"The field '{CommandFields.NameOf(field)}' must be a string of at most {Name.MaxBytes} bytes.");
        return false;
    }

    /// <summary>Which part of an enumeration is asked for; the prefix may also stand in the key.</summary>
    public static bool TryList(CommandSession session, Command command, out ListRequest request)
    {
        request = new ListRequest("", null, 0);
        var most = session.Host.Options.MaxListed;
        if (!TryText(session, command, CommandField.Prefix, out var prefix)) return false;
        if (!TryText(session, command, CommandField.Cursor, out var cursor)) return false;
        if (!TryNumber(session, command, CommandField.Limit, 1, most, most, out var limit)) return false;

        if (prefix is null && command.KeyKind == KeyKind.One) prefix = System.Text.Encoding.UTF8.GetString(command.Key);
        request = new ListRequest(prefix ?? "", cursor, (int)limit);
        return true;
    }

    // A thousand years: as good as for ever, and safe to add to any date.
    private const long MaxMilliseconds = 31_536_000_000_000;

    private static bool TryName(
        CommandSession session, Command command, ReadOnlySpan<byte> utf8, bool mayBeSystem, out string name)
    {
        name = session.Host.Names.Find(utf8) ?? "";
        if (name.Length == 0)
        {
            session.Fail(command, ErrorCode.BadKey, $"A key is 1 to {Name.MaxBytes} bytes of UTF-8 without control characters.");
            return false;
        }

        if (mayBeSystem || !Name.IsSystem(name)) return true;

        session.Fail(command, ErrorCode.Forbidden, "Names that begin with '$' are the system's: they can only be read.");
        return false;
    }
}
