using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Signalbox.Engine.Binary;
using Signalbox.Engine.Cluster.Journals;

namespace Signalbox.Engine.Cluster.Machines;

/// <summary>
/// One machine, wherever the cluster has put it. The rules are the machine's; this adds what it must not have: a clock,
/// a journal and a timer.
/// </summary>
/// <remarks>
/// An operation decides, takes down and applies within one turn, and then waits until that is stored. Grains are
/// reentrant, so meanwhile others do the same, and what they take down is stored together.
/// </remarks>
internal abstract class MachineGrain<TFact>(ClusterSettings settings, IGrainStorage storage) : Grain, IJournaled
    where TFact : class
{
    /// <summary>A successor may be on a silo whose clock is behind this one's, but not by more.</summary>
    protected static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly CallTurns _callTurns = new(TimeProvider.System);
    private TaskScheduler _turns = TaskScheduler.Default;
    private Standstill _standstill = null!; // Set on activation, before any call.
    private Journal? _journal;
    private ITimer? _timer;
    private long _timerTicks = long.MaxValue;
    private long _lastNowTicks;

    protected ClusterSettings Settings { get; } = settings;

    bool IJournaled.CanForget => IsForgettable;

    /// <summary>Whether the journal may be cleared.</summary>
    protected bool IsForgettable => CanForget(Now() - ClockSkew);

    /// <summary>Whether the journal has failed, and with it this activation.</summary>
    protected bool HasFailed => _journal is { HasFailed: true };

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _turns = TaskScheduler.Current;
        _standstill = ServiceProvider.GetRequiredService<Standstill>();
        _timer = Settings.Clock.CreateTimer(
            static state => ((MachineGrain<TFact>)state!).InTurn(static self => self.WakeUp()),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        // Memory is ahead of what is stored by then: the next activation begins from what is.
        if (HasJournal)
        {
            _journal = await OpenJournalAsync();
        }

        Opened(_journal is { HasPages: true });
        LookAfter(Now());
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        _timer = null;
        if (_journal is not null) await _journal.CloseAsync();
    }

    void IJournaled.Begin() => Begin();

    void IJournaled.Apply(object fact) => Apply((TFact)fact);

    IEnumerable<object> IJournaled.Snapshot() => Snapshot();

    /// <summary>The time, which never runs backwards here whatever the silo's clock does.</summary>
    protected DateTimeOffset Now()
    {
        _lastNowTicks = Math.Max(_lastNowTicks, Settings.Clock.GetUtcNow().UtcTicks);
        return new DateTimeOffset(_lastNowTicks, TimeSpan.Zero);
    }

    /// <summary>Whether anything of this machine is ever written.</summary>
    protected virtual bool HasJournal => true;

    /// <summary>Whether answers wait until what they reveal is stored, or it is enough that it will be.</summary>
    protected virtual bool WaitsForJournal => true;

    protected void Commit(TFact fact)
    {
        Write(fact);
        Apply(fact);
    }

    /// <summary>Takes this down; it is applied in the same turn, or says no more than what is.</summary>
    protected void Write(TFact fact) => _journal?.Add(fact);

    /// <summary>The answer, once everything that it reveals is stored.</summary>
    protected ValueTask<T> WhenWritten<T>(T answer)
    {
        var written = WhenWrittenAsync();
        return written.IsCompletedSuccessfully ? new(answer) : AnswerAfter(written, answer);
    }

    protected ValueTask WhenWrittenAsync()
    {
        if (!_standstill.IsRuledOut) return new(WhenRuledOutAndWrittenAsync());
        if (_journal is null) return default;
        if (WaitsForJournal) return _journal.WhenWrittenAsync();

        _journal.BeginWriting();
        return default;
    }

    /// <summary>Waits until all that its process asked before has been decided. Then say <see cref="Done"/>.</summary>
    protected ValueTask WhenDueAsync(CallTurn turn) =>
        _callTurns.IsDue(turn) ? default : new(_callTurns.WhenDueAsync(turn));

    /// <summary>It is decided: what its process asked after it may be.</summary>
    protected void Done(CallTurn turn) => _callTurns.Done(turn);

    /// <summary>Decides in its turn, of which waiting for an index is a part.</summary>
    protected async ValueTask<T> DecideInOrderAsync<T>(CallTurn turn, Func<ValueTask<T>> decide)
    {
        await WhenDueAsync(turn);
        try
        {
            return await decide();
        }
        finally
        {
            Done(turn);
        }
    }

    /// <summary>Decides in its turn, without waiting for anything.</summary>
    protected ValueTask<T> InOrder<T>(CallTurn turn, Func<ValueTask<T>> decide) =>
        _callTurns.IsDue(turn) ? DecideNow(turn, decide) : DecideLater(turn, decide);

    /// <summary>Has the machine looked after at this moment, if not before.</summary>
    protected void WakeAt(DateTimeOffset? moment)
    {
        if (moment is not { UtcTicks: var ticks } || ticks >= _timerTicks) return;

        _timerTicks = ticks;
        // A timer takes up to 49 days, and a millisecond is as fine as it gets: round up, or it fires too early.
        var wait = (moment.Value - Settings.Clock.GetUtcNow()).TotalMilliseconds;
        _timer?.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(wait, 0, 1e9))), Timeout.InfiniteTimeSpan);
        // A clock that was moved meanwhile does not fire a timer for what it has passed already.
        if (Settings.Clock.GetUtcNow() >= moment) InTurn(static self => self.WakeUp());
    }

    /// <summary>Does this in a turn of this grain, from wherever it is called.</summary>
    protected void InTurn(Action<MachineGrain<TFact>> action) => _ = Task.Factory.StartNew(
        () => action(this), CancellationToken.None, TaskCreationOptions.None, _turns);

    /// <summary>The machine is as it was stored.</summary>
    /// <param name="hasStored">Whether anything was.</param>
    protected virtual void Opened(bool hasStored)
    {
    }

    /// <summary>This activation has to end; whoever waits here must not wait for that.</summary>
    protected virtual void Leave() => DeactivateOnIdle();

    protected abstract void Begin();

    protected abstract void Apply(TFact fact);

    protected abstract IEnumerable<TFact> Snapshot();

    /// <summary>Whether a new machine would go on as this one does, on a silo whose clock shows this.</summary>
    protected abstract bool CanForget(DateTimeOffset now);

    /// <summary>Does what the passing of time has brought about, and asks to be woken for what comes next.</summary>
    protected abstract void LookAfter(DateTimeOffset now);

    private async Task<Journal> OpenJournalAsync()
    {
        try
        {
            return await Journal.OpenAsync(new PageStorage(storage, this.GetGrainId()), this, _ => Leave());
        }
        // Whatever storage throws: it is the answer to all who asked for this grain.
        catch (Exception failure) when (failure is not BinaryFormException)
        {
            throw new LogFailedException("The journal could not be read.", failure);
        }
    }

    private ValueTask<T> DecideNow<T>(CallTurn turn, Func<ValueTask<T>> decide)
    {
        try
        {
            return decide();
        }
        finally
        {
            Done(turn);
        }
    }

    private async ValueTask<T> DecideLater<T>(CallTurn turn, Func<ValueTask<T>> decide)
    {
        await _callTurns.WhenDueAsync(turn);
        return await DecideNow(turn, decide);
    }

    private static async ValueTask<T> AnswerAfter<T>(ValueTask written, T answer)
    {
        await written;
        return answer;
    }

    private async Task WhenRuledOutAndWrittenAsync()
    {
        await _standstill.WhenRuledOutAsync();
        await WhenWrittenAsync();
    }

    private void WakeUp()
    {
        _timerTicks = long.MaxValue;
        if (_journal is { HasFailed: true }) return;

        LookAfter(Now());
        // Nobody waits for what time brought about, but it is stored all the same.
        _journal?.BeginWriting();
    }
}
