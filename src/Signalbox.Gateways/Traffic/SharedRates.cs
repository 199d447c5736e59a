using Signalbox.Gates;

namespace Signalbox.Gateways.Traffic;

/// <summary>What the connections of one address or user share.</summary>
/// <remarks>It is kept beyond the last of them until the allowances are whole again: to come back does not refill
/// them.</remarks>
internal sealed class SharedRates(RateOptions options, TimeProvider clock)
{
    private readonly Gate _gate = new(GateRank.SharedRates);
    private readonly Dictionary<string, (Rate? Rate, int Users)> _shared = new(StringComparer.Ordinal);
    private readonly Queue<string> _left = new();

    /// <returns>False where it has as many connections as allowed; then there is nothing to give back.</returns>
    public bool TryTake(string name, int maxUsers, out Rate? rate)
    {
        using (_gate.Enter())
        {
            ForgetSome();
            var isKnown = _shared.TryGetValue(name, out var known);
            rate = isKnown ? known.Rate : Rate.Of(options.CommandsPerSecond, options.BytesPerSecond, clock);
            if (known.Users >= maxUsers) return false;

            _shared[name] = (rate, known.Users + 1);
            return true;
        }
    }

    public void GiveBack(string name)
    {
        using (_gate.Enter())
        {
            if (!_shared.TryGetValue(name, out var known)) return;

            _shared[name] = (known.Rate, known.Users - 1);
            if (known.Users == 1) _left.Enqueue(name);
            ForgetSome();
        }
    }

    // More than one comes in with each call, so that what is left shrinks by itself.
    private void ForgetSome()
    {
        for (var i = 0; i < 2 && _left.TryDequeue(out var name); i++)
        {
            if (!_shared.TryGetValue(name, out var known) || known.Users > 0) continue;
            if (known.Rate is null or { IsWhole: true }) _shared.Remove(name);
            else _left.Enqueue(name);
        }
    }
}
