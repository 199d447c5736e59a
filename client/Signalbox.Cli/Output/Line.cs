using System.Globalization;
using System.Text;

namespace Signalbox.Cli.Output;

/// <summary>
/// Text that others wrote, on one line of a list: a control character must neither break the line nor steer the
/// terminal.
/// </summary>
internal static class Line
{
    public static string Of(string text)
    {
        if (!text.Any(char.IsControl)) return text;

        var line = new StringBuilder(text.Length + 16);
        foreach (var one in text)
        {
            if (!char.IsControl(one)) line.Append(one);
            else line.Append(one switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}"),
            });
        }

        return line.ToString();
    }

    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A time as users write it, see <see cref="Arguments.Durations"/>.</summary>
    public static string Of(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");
}
