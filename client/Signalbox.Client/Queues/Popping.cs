namespace Signalbox.Client;

/// <summary>Takes items so that none is lost on the way: not to a broken connection, and not to a cancelled
/// pop.</summary>
/// <remarks>
/// Every pop reserves. One that the caller wants without a lease is acknowledged before it returns; what happened to an
/// acknowledgement whose connection broke may stay unknown, and then the item is returned all the same: it may
/// come a second time, but it does not get lost. A long wait goes in slices, since the server cannot be told that
/// nobody waits any more: an item that comes for a cancelled pop goes back to the queue.
/// </remarks>
internal sealed class Popping(SignalboxClient client, string queue, PopOptions options, TimeSpan commandTimeout)
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(20);

    private readonly TimeSpan _lease = options.Lease ?? 3 * commandTimeout;
    private readonly long? _end = options.Wait is { } wait ? client.TimestampIn(wait) : null;

    private bool IsOver => _end is { } end && client.TimeUntil(end) <= TimeSpan.Zero;

    public async Task<QueueItem?> PopAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            QueueItem? item = null;
            try
            {
                item = await PopSliceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SignalboxConnectionLostException) when (client.Reconnects && !IsOver)
            {
                // Nothing is lost by asking again, and the caller has time.
            }

            if (item is not null && (options.Lease is not null || await IsTakenAsync(item).ConfigureAwait(false))) return item;
            if (item is null && IsOver) return null;
        }
    }

    private Task<QueueItem?> PopSliceAsync(CancellationToken cancellationToken)
    {
        var until = client.TimestampIn(Slice);
        if (_end is { } end && end < until) until = end;

        var wait = client.TimeUntil(until);
        return client.SendAsync<PopRequest, QueueItem?>(
            new PopRequest(client, queue, until, _lease, options.Lease is not null),
            cancellationToken,
            extraTime: wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
            late: SignalboxClient.PutBack);
    }

    /// <returns>False where the lease was over before the acknowledgement: the item is back in the queue.</returns>
    private static async Task<bool> IsTakenAsync(QueueItem item)
    {
        try
        {
            await item.TakeAsync().ConfigureAwait(false);
            return true;
        }
        catch (SignalboxException e) when (e.Code == Protocol.Errors.ErrorCode.Conflict)
        {
            return false;
        }
        catch (Exception e) when (e is SignalboxConnectionLostException or SignalboxTimeoutException)
        {
            return true;
        }
    }
}
