namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>What calls end with while a silo dies or starts, and how often they are tried again.</summary>
internal static class ClusterErrors
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public static bool IsUnavailable(Exception error) =>
        error is OrleansException or TimeoutException or OperationCanceledException or LogFailedException;

    /// <summary>Asks until there is an answer. Only for what may be done twice.</summary>
    public static async ValueTask<T> RetryAsync<T>(Func<ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        var start = Environment.TickCount64;
        for (var pause = ShortestPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (IsPassing(e))
            {
                if (Environment.TickCount64 - start > Longest.TotalMilliseconds) throw Unanswered(e);
            }

            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <inheritdoc cref="RetryAsync{T}"/>
    public static async ValueTask RetryAsync(Func<ValueTask> ask, CancellationToken cancellationToken) =>
        await RetryAsync(
            async () =>
            {
                await ask();
                return true;
            },
            cancellationToken);

    /// <summary>Asks once: nobody can say whether it was done where no answer comes.</summary>
    public static async ValueTask<T> OnceAsync<T>(Func<ValueTask<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            throw Unanswered(e);
        }
    }

    private static bool IsPassing(Exception error) => error is OrleansException or TimeoutException or LogFailedException;

    private static LogFailedException Unanswered(Exception error) =>
        new("The cluster did not answer: whether it was done is not known.", error);
}
