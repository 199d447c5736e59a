using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Embedded.Queues;

/// <summary>Somebody who waits for an item, and what it will be given it as.</summary>
/// <remarks>
/// It is served under the shard's gate, and told of it later: at the end of the turn of the thread that pushed, which
/// so writes the reply itself, or by the pool. In either case outside of the gate.
/// </remarks>
internal sealed class PopWaiter(TimeSpan? lease) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<(PopAnswer Answer, long Position)> _served = new();
    private PopAnswer _answer = PopAnswer.Nothing;
    private long _position;

    public TimeSpan? Lease => lease;

    public Task<(PopAnswer Answer, long Position)> Served => _served.Task;

    public void Serve(PopAnswer answer, long position)
    {
        _answer = answer;
        _position = position;
        Turn.PutOff(this);
    }

    public void Cancel(CancellationToken cancellationToken) => _served.TrySetCanceled(cancellationToken);

    void IThreadPoolWorkItem.Execute() => _served.TrySetResult((_answer, _position));
}
