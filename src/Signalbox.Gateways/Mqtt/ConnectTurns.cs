using Signalbox.Gates;

namespace Signalbox.Gateways.Mqtt;

/// <summary>
/// Lets the CONNECTs of one client identifier come in one after the other, in the order in which they came: the newest has
/// the session at the end, and each finds what the one before it has left.
/// </summary>
internal sealed class ConnectTurns
{
    private readonly Gate _gate = new(GateRank.MqttTurns);

    // The last of those that wait, or have their turn.
    private readonly Dictionary<(string? Owner, string Name), TaskCompletionSource> _last = [];

    /// <summary>Completes when it is this one's turn, which lasts until the result is disposed of.</summary>
    public async ValueTask<Turn> TakeAsync((string? Owner, string Name) key)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource? before;
        using (_gate.Enter())
        {
            _last.TryGetValue(key, out before);
            _last[key] = mine;
        }

        if (before is not null) await before.Task;
        return new Turn(this, key, mine);
    }

    private void End((string? Owner, string Name) key, TaskCompletionSource turn)
    {
        using (_gate.Enter())
        {
            if (_last[key] == turn) _last.Remove(key);
        }

        turn.SetResult();
    }

    public readonly struct Turn(ConnectTurns turns, (string? Owner, string Name) key, TaskCompletionSource turn) : IDisposable
    {
        public void Dispose() => turns.End(key, turn);
    }
}
