using Signalbox.Engine.Deliveries;
using Signalbox.Gates;

namespace Signalbox.Engine.Nodes;

/// <summary>
/// Where deliveries wait for the pump. Many threads put in, one takes out; what arrives while the pump works gathers,
/// and the pump is woken once for all of it.
/// </summary>
/// <remarks>
/// It is not bounded by itself: a delivery is put in by whoever publishes, on its thread, and the pump only ever
/// appends to queues, so it outruns the publishers; the queues of slow readers have their own bounds.
/// </remarks>
internal sealed class Inbox(Action<List<object>> pump) : IThreadPoolWorkItem
{
    private readonly Gate _gate = new(GateRank.Inbox);

    // Deliveries and pump steps.
    private List<object> _arrived = [];
    private List<object> _taken = [];
    private TaskCompletionSource? _passedOn;
    private bool _isPumping;

    public void Put(Delivery delivery) => Add(delivery);

    /// <summary>Has this done by the pump, after all that was put in before.</summary>
    public void Put(PumpStep step) => Add(step);

    /// <summary>Completes when all that was put in before has been passed on.</summary>
    public Task WhenPassedOnAsync()
    {
        using (_gate.Enter())
        {
            if (!_isPumping) return Task.CompletedTask;
            return (_passedOn ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out var passedOn))
        {
            pump(_taken);
            passedOn?.SetResult();
            _taken.Clear();
            // A burst must not hold its memory for ever.
            if (_taken.Capacity > 4096) _taken = [];
        }
    }

    /// <returns>False where there is nothing more, and this thread is not the pump any more.</returns>
    private bool TryTake(out TaskCompletionSource? passedOn)
    {
        using (_gate.Enter())
        {
            (passedOn, _passedOn) = (_passedOn, null);
            _isPumping = _arrived.Count > 0;
            if (_isPumping)
            {
                (_arrived, _taken) = (_taken, _arrived);
                return true;
            }
        }

        passedOn?.SetResult();
        return false;
    }

    private void Add(object arrived)
    {
        using (_gate.Enter())
        {
            _arrived.Add(arrived);
            if (_isPumping) return;
            _isPumping = true;
        }

        // Not at once: the publisher goes on, and more may gather until the pump runs.
        Turn.PutOff(this);
    }
}
