using Signalbox.Core.Users;

namespace Signalbox.Gateways.Traffic;

/// <summary>The allowances of one connection, address or user: commands, and their bytes.</summary>
internal sealed class Rate
{
    private readonly Allowance? _commands;
    private readonly Allowance? _bytes;

    private Rate(int commandsPerSecond, int bytesPerSecond, TimeProvider clock)
    {
        _commands = commandsPerSecond > 0 ? new Allowance(commandsPerSecond, clock) : null;
        _bytes = bytesPerSecond > 0 ? new Allowance(bytesPerSecond, clock) : null;
    }

    public bool IsWhole => _commands is not { IsWhole: false } && _bytes is not { IsWhole: false };

    /// <returns>Null where nothing is limited, so that it costs nothing.</returns>
    public static Rate? Of(int commandsPerSecond, int bytesPerSecond, TimeProvider clock) =>
        commandsPerSecond == 0 && bytesPerSecond == 0 ? null : new Rate(commandsPerSecond, bytesPerSecond, clock);

    /// <param name="of">Whose it is, as answers call it.</param>
    public IEnumerable<TrafficLimit> Read(string of)
    {
        if (_commands is not null) yield return new TrafficLimit(of, "commands", _commands.Read());
        if (_bytes is not null) yield return new TrafficLimit(of, "bytes", _bytes.Read());
    }

    /// <returns>What is left of the allowance that is used up; null where the command may be done.</returns>
    public RateState? Spend(int bytes)
    {
        if (_commands is not null && !_commands.TrySpend(1, out var commands)) return commands;
        if (_bytes is not null && !_bytes.TrySpend(bytes, out var left)) return left;
        return null;
    }
}
