using Microsoft.Extensions.Primitives;

namespace Signalbox.Gateways.WebSockets;

/// <summary>What is agreed with a client that offers the compression that we do (RFC 7692, section 7).</summary>
/// <param name="AskedWindow">The window that the client asked us to keep to, as a power of two; null where it left that
/// to us.</param>
internal sealed record DeflateAgreement(int? AskedWindow)
{
    public const int SmallestWindow = 8;
    public const int LargestWindow = 15;

    private const string Name = "permessage-deflate";

    // Every message by itself. A client that offers compression can do without context.
    private const string Accepted = $"{Name}; server_no_context_takeover; client_no_context_takeover";

    /// <summary>How far back what we compress may refer, as a power of two.</summary>
    public int Window => AskedWindow ?? LargestWindow;

    /// <summary>The header that says so.</summary>
    public string Answer => AskedWindow is { } window ? $"{Accepted}; server_max_window_bits={window}" : Accepted;

    /// <returns>What the first offer comes to that we can keep; null where there is none.</returns>
    public static DeflateAgreement? With(StringValues extensions) =>
        ExtensionOffer.AllIn(extensions).Select(With).FirstOrDefault(agreement => agreement is not null);

    // An offer with a parameter that is unknown, comes twice or has no good value is declined as a whole: who made it
    // may count on what we did not understand.
    private static DeflateAgreement? With(ExtensionOffer offer)
    {
        if (!offer.Name.Equals(Name, StringComparison.OrdinalIgnoreCase)) return null;

        int? asked = null;
        HashSet<string> seen = [];
        foreach (var (name, value) in offer.Parameters)
        {
            var isGood = name switch
            {
                "server_no_context_takeover" or "client_no_context_takeover" => value is null,
                "client_max_window_bits" => value is null || WindowOf(value) is not null,
                "server_max_window_bits" => (asked = WindowOf(value)) is not null,
                _ => false,
            };
            if (!isGood || !seen.Add(name)) return null;
        }

        return new DeflateAgreement(asked);
    }

    private static int? WindowOf(string? value) => value switch
    {
        "8" => 8,
        "9" => 9,
        "10" => 10,
        "11" => 11,
        "12" => 12,
        "13" => 13,
        "14" => 14,
        "15" => 15,
        _ => null,
    };
}
