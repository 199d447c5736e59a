using System.CommandLine;
using System.Globalization;

namespace Signalbox.Cli.Arguments;

/// <summary>
/// Times as users write them: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>; a number alone is seconds.
/// </summary>
internal static class Durations
{
    private static readonly (string Suffix, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    // Beyond what any timer here or there takes, so that an overflow is a usage error and not a crash.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (TryParse(text, out var time) && time > TimeSpan.Zero) return time;

            result.AddError($"'{text}' is no time for {name}; use for example 250ms, 30s, 5m, 2h or 1d.");
            return null;
        },
    };

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        var digits = text.AsSpan().TrimEnd("mshd");
        var suffix = text.AsSpan(digits.Length);
        var factor = suffix.IsEmpty ? 1 : 0.0;
        foreach (var unit in Units)
        {
            if (suffix.SequenceEqual(unit.Suffix)) factor = unit.Seconds;
        }

        if (factor == 0) return false;
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;

        var seconds = number * factor;
        if (seconds > Longest.TotalSeconds) return false;

        time = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
