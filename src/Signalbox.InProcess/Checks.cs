using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Protocol.Errors;

namespace Signalbox.InProcess;

/// <summary>What a gateway checks before it asks the engine.</summary>
internal static class Checks
{
    public static void Name(string name, bool mayBeSystem)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Core.Names.Name.IsValid(name))
        {
            throw new SignalboxException(ErrorCode.BadKey, "A name has 1 to 255 bytes of UTF-8 and no control characters.");
        }

        if (!mayBeSystem && Core.Names.Name.IsSystem(name))
        {
            throw new SignalboxException(ErrorCode.Forbidden, "Names that begin with '$' are the system's.");
        }
    }

    public static void ChannelToPublish(string name)
    {
        Name(name, mayBeSystem: false);
        if (!ChannelFilter.IsFilter(name)) return;

        throw new SignalboxException(
            ErrorCode.BadKey, "A channel to publish to has no '+' or '#' in its name: these are for subscriptions.");
    }

    public static void ChannelOrFilter(string name)
    {
        Name(name, mayBeSystem: true);
        if (!ChannelFilter.IsFilter(name) || ChannelFilter.IsValid(name)) return;

        throw new SignalboxException(
            ErrorCode.BadKey, "In a filter '+' and '#' stand alone on their level, and '#' only on the last.");
    }

    public static void Value(Payload value)
    {
        if (value != Payload.Null) return;

        throw new SignalboxException(ErrorCode.Malformed, "There is no value: the JSON value null is none.");
    }

    public static void Id(string? id)
    {
        if (id is null || Core.Names.Name.IsValid(id)) return;

        throw new SignalboxException(ErrorCode.Malformed, "An id has 1 to 255 bytes of UTF-8 and no control characters.");
    }

    public static Headers Headers(IReadOnlyCollection<KeyValuePair<string, string>> headers) =>
        headers.Count == 0 ? Core.Payloads.Headers.None : new Headers([.. headers]);
}
