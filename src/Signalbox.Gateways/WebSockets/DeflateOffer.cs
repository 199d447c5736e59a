using Microsoft.Extensions.Primitives;

namespace Signalbox.Gateways.WebSockets;

/// <summary>Whether a client offers the compression that we do (RFC 7692, section 7).</summary>
internal static class DeflateOffer
{
    /// <summary>What we agree to: every message by itself. A client that offers compression can do without context.</summary>
    public const string Accepted = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private const string Name = "permessage-deflate";

    /// <param name="extensions">The header, which may hold several offers, the one that is liked best first.</param>
    public static bool IsIn(StringValues extensions)
    {
        foreach (var header in extensions)
        {
            foreach (var offer in (header ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (IsAcceptable(offer)) return true;
            }
        }

        return false;
    }

    private static bool IsAcceptable(string offer)
    {
        var parts = offer.Split(';', StringSplitOptions.TrimEntries);
        return parts[0].Equals(Name, StringComparison.OrdinalIgnoreCase)
            && parts.Skip(1).All(IsKnown)
            && parts.Distinct(StringComparer.OrdinalIgnoreCase).Count() == parts.Length;
    }

    // A smaller window of ours is the one thing that we cannot do: who demands it is sent plain messages.
    private static bool IsKnown(string parameter)
    {
        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? parameter : parameter[..equals].TrimEnd();
        var value = equals < 0 ? null : parameter[(equals + 1)..].Trim(' ', '"');
        return name switch
        {
            "server_no_context_takeover" or "client_no_context_takeover" => value is null,
            "client_max_window_bits" => value is null || IsWindow(value),
            _ => false,
        };
    }

    private static bool IsWindow(string value) => value is "8" or "9" or "10" or "11" or "12" or "13" or "14" or "15";
}
