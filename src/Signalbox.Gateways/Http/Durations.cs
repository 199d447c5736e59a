using System.Globalization;

namespace Signalbox.Gateways.Http;

/// <summary>Times as people write them in an address: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>, or
/// milliseconds without a unit.</summary>
internal static class Durations
{
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("", 1)];

    public static bool TryParse(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        foreach (var (unit, length) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            var digits = text[..^unit.Length];
            if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
            if (count > long.MaxValue / length) return false;

            milliseconds = count * length;
            return true;
        }

        return false;
    }
}
