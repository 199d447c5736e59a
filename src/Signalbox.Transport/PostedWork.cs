using Signalbox.Gates;

namespace Signalbox.Transport;

/// <summary>What other threads have for a loop's thread.</summary>
internal sealed class PostedWork
{
    private readonly Gate _gate = new(GateRank.PostedWork);
    private List<IThreadPoolWorkItem> _waiting = [];
    private List<IThreadPoolWorkItem> _taken = [];
    private bool _isResting;
    private bool _isClosed;

    /// <returns>Whether the thread has to be woken for it.</returns>
    public bool Add(IThreadPoolWorkItem work)
    {
        using (_gate.Enter())
        {
            if (!_isClosed)
            {
                _waiting.Add(work);
                var isResting = _isResting;
                _isResting = false;
                return isResting;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        return false;
    }

    /// <summary>From now until it wakes, the thread has to be woken.</summary>
    /// <returns>False where there is something already.</returns>
    public bool TryRest()
    {
        using (_gate.Enter()) return _isResting = _waiting.Count == 0;
    }

    /// <summary>The thread does not rest any more: it takes before it rests again.</summary>
    public void Wake()
    {
        using (_gate.Enter()) _isResting = false;
    }

    /// <summary>What has gathered. The thread clears it when it is done with it, before it takes again.</summary>
    public List<IThreadPoolWorkItem> Take()
    {
        using (_gate.Enter())
        {
            (_waiting, _taken) = (_taken, _waiting);
            return _taken;
        }
    }

    /// <summary>The thread ends: what comes from now on is the pool's.</summary>
    public void Close()
    {
        using (_gate.Enter()) _isClosed = true;
    }
}
