using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Nodes;

/// <summary>
/// Where deliveries wait for the pump. Many threads put in, one takes out; what arrives while the pump works gathers,
/// and the pump is woken once for all of it.
/// </summary>
/// <remarks>
/// It is not bounded by itself: a delivery is put in by whoever publishes, on its thread, and the pump only ever
/// appends to queues, so it outruns the publishers; the queues of slow readers have their own bounds.
/// </remarks>
internal sealed class Inbox(Action<List<Delivery>> pump) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private List<Delivery> _arrived = [];
    private List<Delivery> _taken = [];
    private TaskCompletionSource? _passedOn;
    private bool _isPumping;

    public void Put(Delivery delivery)
    {
        lock (_gate)
        {
            _arrived.Add(delivery);
            if (_isPumping) return;
            _isPumping = true;
        }

        // Not at once: the publisher goes on, and more may gather until the pump runs.
        Turn.PutOff(this);
    }

    /// <summary>Completes when all that was put in before has been passed on.</summary>
    public Task WhenPassedOnAsync()
    {
        lock (_gate)
        {
            if (!_isPumping) return Task.CompletedTask;
            return (_passedOn ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            TaskCompletionSource? passedOn;
            lock (_gate)
            {
                passedOn = _passedOn;
                _passedOn = null;
                if (_arrived.Count == 0)
                {
                    _isPumping = false;
                    passedOn?.SetResult();
                    return;
                }

                (_arrived, _taken) = (_taken, _arrived);
            }

            pump(_taken);
            passedOn?.SetResult();
            _taken.Clear();
            // A burst must not hold its memory for ever.
            if (_taken.Capacity > 4096) _taken = [];
        }
    }
}
