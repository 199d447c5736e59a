using Signalbox.Core.Users;
using Signalbox.Gates;

namespace Signalbox.Gateways.Traffic;

/// <summary>So much a second: a bucket that holds what a second allows, and fills evenly.</summary>
/// <remarks>
/// What is larger than the whole bucket is let through when there is anything in it, and is then waited off: a command
/// is never too large for ever.
/// </remarks>
internal sealed class Allowance(int perSecond, TimeProvider clock)
{
    // Less than this is an error of rounding, and nobody is refused for it.
    private const double Nearly = 1e-6;

    private readonly Gate _gate = new(GateRank.Allowance);
    private double _missing;
    private long _at = clock.GetTimestamp();

    public bool IsWhole
    {
        get
        {
            using (_gate.Enter())
            {
                Fill();
                return _missing < Nearly;
            }
        }
    }

    public bool TrySpend(int amount, out RateState state)
    {
        using (_gate.Enter())
        {
            Fill();
            var canSpend = perSecond - _missing > 1 - Nearly;
            if (canSpend) _missing += amount;

            state = new RateState(Left, Wait);
            return canSpend;
        }
    }

    public RateReading Read()
    {
        using (_gate.Enter())
        {
            Fill();
            return new RateReading(perSecond, Left, Wait, TimeSpan.FromSeconds(_missing / perSecond));
        }
    }

    private int Left => (int)Math.Max(0, perSecond - _missing + Nearly);

    private TimeSpan Wait
    {
        get
        {
            var left = perSecond - _missing;
            return TimeSpan.FromSeconds(left > 1 - Nearly ? 0 : (1 - left) / perSecond);
        }
    }

    private void Fill()
    {
        var now = clock.GetTimestamp();
        _missing = Math.Max(0, _missing - (clock.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
    }
}
