using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Signalbox.Gates;

namespace Signalbox.Gateways.Metrics;

/// <summary>One instrument's values, by their tags, and how Prometheus names and writes them.</summary>
internal sealed class MetricFamily
{
    private readonly Gate _gate = new(GateRank.MetricFamily);
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly string _type;
    private readonly bool _isObserved;
    private readonly double[] _bounds = [];
    private readonly long[] _counts = [];
    private double _sum;

    public MetricFamily(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        _isObserved = instrument.IsObservable;
        _help = instrument.Description ?? "";
        _type = kind.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : kind.Contains("UpDown", StringComparison.Ordinal) || kind.Contains("Gauge", StringComparison.Ordinal) ? "gauge"
            : "counter";
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = NameOf(instrument.Name);
        Name = (name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit) + (_type == "counter" ? "_total" : "");
        if (_type != "histogram") return;

        _bounds = [.. (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? []];
        _counts = new long[_bounds.Length + 1];
    }

    public string Name { get; }

    /// <summary>What is asked for is about to be: nothing of what was asked for before counts.</summary>
    public void Begin()
    {
        if (!_isObserved) return;
        using (_gate.Enter()) _values.Clear();
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        using (_gate.Enter())
        {
            if (_type == "histogram")
            {
                var place = Array.FindIndex(_bounds, bound => value <= bound);
                _counts[place < 0 ? _bounds.Length : place]++;
                _sum += value;
            }
            else if (_isObserved)
            {
                _values[labels] = value;
            }
            else
            {
                _values[labels] = _values.GetValueOrDefault(labels) + value;
            }
        }
    }

    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(_help.Replace("\\", @"\\", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
        using (_gate.Enter())
        {
            if (_type == "histogram") WriteHistogram(text);
            foreach (var (labels, value) in _values) WriteLine(text, Name, labels, value);
        }
    }

    private void WriteHistogram(StringBuilder text)
    {
        long count = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            count += _counts[i];
            var bound = i < _bounds.Length ? _bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            WriteLine(text, Name + "_bucket", $"{{le=\"{bound}\"}}", count);
        }

        WriteLine(text, Name + "_sum", "", _sum);
        WriteLine(text, Name + "_count", "", count);
    }

    private static void WriteLine(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');

    // Prometheus takes letters, digits and underscores.
    private static string NameOf(string name) => string.Create(name.Length, name, static (text, name) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
    });

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";

        var labels = new StringBuilder("{");
        foreach (var (name, value) in tags)
        {
            if (labels.Length > 1) labels.Append(',');
            var escaped = $"{value}".Replace("\\", @"\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            labels.Append(NameOf(name)).Append("=\"").Append(escaped).Append('"');
        }

        return labels.Append('}').ToString();
    }
}
