namespace Signalbox.Conformance.Subjects;

/// <summary>What came for a connection, for subjects to put in and for facts to wait for.</summary>
public sealed class ReceivedLine(string owner)
{
    // Generous: only a broken subject ever waits for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<Received> _received = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(Received received)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            _received.Add(received);
            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
    }

    public async Task<IReadOnlyList<Received>> WaitForAsync(int count)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_received.Count >= count) return [.. _received];
                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"'{owner}' waited for {count} and got only: {string.Join(", ", Now())}");
            }
        }
    }

    private List<Received> Now()
    {
        lock (_gate) return [.. _received];
    }
}
