namespace Signalbox.Gateways.Traffic;

/// <summary>How much may come in, together, from all connections of one address or user of this process.</summary>
public sealed class RateOptions
{
    /// <summary>Commands in a second; 0 for any number. Default 0.</summary>
    public int CommandsPerSecond { get; set; }

    /// <summary>Bytes of commands in a second; 0 for any number. Default 0.</summary>
    public int BytesPerSecond { get; set; }

    public bool IsOff => CommandsPerSecond == 0 && BytesPerSecond == 0;

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public IEnumerable<string> Validate(string section)
    {
        if (CommandsPerSecond < 0) yield return $"{section}:CommandsPerSecond is negative; use 0 for any number.";
        if (BytesPerSecond < 0) yield return $"{section}:BytesPerSecond is negative; use 0 for any number.";
    }
}
