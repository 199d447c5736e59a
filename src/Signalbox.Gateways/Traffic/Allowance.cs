using Signalbox.Core.Users;

namespace Signalbox.Gateways.Traffic;

/// <summary>So much a second: a bucket that holds what a second allows, and fills evenly.</summary>
/// <remarks>
/// It is kept as one moment, that at which it would be full again. What is larger than the whole bucket is let through
/// when there is anything in it, and is then waited off: a command is never too large for ever.
/// </remarks>
internal sealed class Allowance(int perSecond, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly double _unit = (double)clock.TimestampFrequency / perSecond;
    private double _fullAt;

    public bool IsWhole
    {
        get
        {
            lock (_gate) return _fullAt <= clock.GetTimestamp();
        }
    }

    public bool TrySpend(int amount, out RateState state)
    {
        lock (_gate)
        {
            double now = clock.GetTimestamp();
            var missing = Math.Max(0, _fullAt - now);
            var canSpend = missing + _unit <= clock.TimestampFrequency * (1 + 1e-9);
            if (canSpend) _fullAt = now + missing + (amount * _unit);
            state = StateAt(now);
            return canSpend;
        }
    }

    private RateState StateAt(double now)
    {
        var second = (double)clock.TimestampFrequency;
        var missing = Math.Max(0, _fullAt - now);
        var remaining = (int)Math.Max(0, ((second - missing) / _unit) + 1e-6);
        return new RateState(remaining, TimeSpan.FromSeconds(Math.Max(0, (missing + _unit - second) / second)));
    }
}
