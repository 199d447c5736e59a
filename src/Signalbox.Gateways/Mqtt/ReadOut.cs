namespace Signalbox.Gateways.Mqtt;

/// <summary>
/// What a connection that is about to be taken over still does: what its peer had sent before. The last of it may be a
/// DISCONNECT, and then no will is published.
/// </summary>
/// <param name="received">How many bytes of the connection the kernel has that nobody has read yet.</param>
internal sealed class ReadOut(Func<int> received)
{
    /// <summary>A peer that always sends more is taken over all the same.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private volatile TaskCompletionSource? _done;
    private volatile bool _hasEnded;

    /// <summary>Completes at the next moment in which everything is read.</summary>
    public Task Begin()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Interlocked.CompareExchange(ref _done, done, null) ?? done;
        if (_hasEnded) first.TrySetResult();
        return first.Task;
    }

    /// <summary>The reader waits for more.</summary>
    public void Waiting()
    {
        if (_done is { } done && received() == 0) done.TrySetResult();
    }

    /// <summary>The connection reads no more.</summary>
    public void End()
    {
        _hasEnded = true;
        _done?.TrySetResult();
    }
}
