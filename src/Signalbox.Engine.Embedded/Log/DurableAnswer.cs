using System.Threading.Tasks.Sources;

namespace Signalbox.Engine.Embedded.Log;

/// <summary>An answer that is known and may not be told yet: one object, whoever waits for it and for how long.</summary>
internal sealed class DurableAnswer<T>(T answer) : IValueTaskSource<T>, IDurableWaiter
{
    private ManualResetValueTaskSourceCore<T> _source;

    /// <summary>The answer, once everything up to this position is durable.</summary>
    public static ValueTask<T> When(ILog log, T answer, long position)
    {
        if (log.IsDurable(position)) return new ValueTask<T>(answer);

        var waiting = new DurableAnswer<T>(answer);
        return log.TryWait(position, waiting) ? new ValueTask<T>(waiting, waiting._source.Version) : new ValueTask<T>(answer);
    }

    public void Durable() => _source.SetResult(answer);

    public void Lost(Exception failure) => _source.SetException(failure);

    T IValueTaskSource<T>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
