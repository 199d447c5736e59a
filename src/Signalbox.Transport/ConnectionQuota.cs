using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signalbox.Transport;

/// <summary>How many connections there may be at one time, on all ports together, and how many there are.</summary>
/// <param name="most">With a place of their own.</param>
/// <param name="mostRefusals">Beside those, that are told at one time that there are too many; more are closed without a
/// word.</param>
public sealed partial class ConnectionQuota(int most, int mostRefusals, ILogger<ConnectionQuota> logger, TimeProvider clock)
{
    private readonly Sparing _said = new(clock);
    private int _count;
    private int _refusals;
    private long _refused;

    /// <summary>Lets in as many as come.</summary>
    public static ConnectionQuota Any { get; } = new(int.MaxValue, 0, NullLogger<ConnectionQuota>.Instance, TimeProvider.System);

    public int Most => most;

    /// <summary>Connections that have a place of their own.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Connections for which there was none, since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Takes what there is for one that has come; whoever does gives it back.</summary>
    public ConnectionPlace Take()
    {
        if (TryTake(ref _count, most)) return ConnectionPlace.Own;

        Interlocked.Increment(ref _refused);
        if (_said.TrySpeak(out var untold)) LogFull(most, untold);
        return TryTake(ref _refusals, mostRefusals) ? ConnectionPlace.Refusal : ConnectionPlace.None;
    }

    public void GiveBack(ConnectionPlace place)
    {
        if (place is ConnectionPlace.Own) Interlocked.Decrement(ref _count);
        else if (place is ConnectionPlace.Refusal) Interlocked.Decrement(ref _refusals);
    }

    private static bool TryTake(ref int taken, int most)
    {
        var before = Volatile.Read(ref taken);
        while (before < most)
        {
            var found = Interlocked.CompareExchange(ref taken, before + 1, before);
            if (found == before) return true;

            before = found;
        }

        return false;
    }

    [LoggerMessage(
        3005, LogLevel.Warning,
        "There are {Most} connections, as many as allowed: more are refused ({Untold} times more since this was last said)")]
    private partial void LogFull(int most, long untold);
}
