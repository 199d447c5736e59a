using System.Runtime.CompilerServices;
using Orleans.Runtime.Messaging;

namespace Signalbox.Engine.Cluster.Machines;

/// <summary>Calls of grains whose silo may be lost before it answers.</summary>
/// <remarks>
/// What does no harm when it is done twice is asked again, for as long as it may take until the cluster has noticed the
/// loss. Of all else nobody knows whether it was done, and whoever asked for it is told so.
/// </remarks>
internal sealed class GrainCalls(ClusterSettings settings, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly CallLanes _lanes = new();

    /// <summary>
    /// Asks in the order of all that this process asks of the grain, and asks again while a silo is lost.
    /// </summary>
    /// <param name="ofRepeat">Makes an answer of what a second call says that may have come after a first.</param>
    /// <remarks>Whatever a client asks comes this way: so there is one state machine, which is pooled (await it once), and
    /// no closure where none is needed.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> AskAsync<TGrain, TAsk, T>(
        TGrain grain,
        TAsk ask,
        Func<TGrain, CallTurn, TAsk, ValueTask<T>> call,
        CancellationToken cancellationToken,
        Func<T, T>? ofRepeat = null)
        where TGrain : IAddressable
    {
        var id = grain.GetGrainId();
        var start = time.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            var turn = _lanes.Enter(id);
            try
            {
                var answer = await call(grain, turn, ask);
                _lanes.Leave(id, turn, isLost: false);
                return ofRepeat is null || tries == 0 ? answer : ofRepeat(answer);
            }
            catch (Exception lost)
            {
                _lanes.Leave(id, turn, isLost: true);
                if (!IsLoss(lost)) throw;
                if (time.GetElapsedTime(start) >= settings.RetryFor) throw Unknown(lost);
            }

            await PauseAsync(tries, cancellationToken);
        }
    }

    public ValueTask<T> AskAsync<T>(
        IAddressable grain, Func<CallTurn, ValueTask<T>> call, CancellationToken cancellationToken) =>
        AskAsync(grain, call, static (_, turn, call) => call(turn), cancellationToken);

    public async ValueTask AskAsync(
        IAddressable grain, Func<CallTurn, ValueTask> call, CancellationToken cancellationToken) => await AskAsync(
        grain,
        call,
        static async (_, turn, call) =>
        {
            await call(turn);
            return true;
        },
        cancellationToken);

    /// <summary>The same in no order.</summary>
    public async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Exception lost) when (IsLoss(lost))
            {
                if (time.GetElapsedTime(start) >= settings.RetryFor) throw Unknown(lost);
            }

            await PauseAsync(tries, cancellationToken);
        }
    }

    public async ValueTask AskAsync(Func<ValueTask> call, CancellationToken cancellationToken) => await AskAsync(
        async () =>
        {
            await call();
            return true;
        },
        cancellationToken);

    /// <summary>Asks in its order what must not be done twice.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> AskOnceAsync<TGrain, TAsk, T>(
        TGrain grain, TAsk ask, Func<TGrain, CallTurn, TAsk, ValueTask<T>> call)
        where TGrain : IAddressable
    {
        var id = grain.GetGrainId();
        var turn = _lanes.Enter(id);
        try
        {
            var answer = await call(grain, turn, ask);
            _lanes.Leave(id, turn, isLost: false);
            return answer;
        }
        catch (Exception lost)
        {
            _lanes.Leave(id, turn, isLost: true);
            if (!IsLoss(lost)) throw;

            throw Unknown(lost);
        }
    }

    public static async ValueTask<T> AskOnceAsync<T>(Func<ValueTask<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception lost) when (IsLoss(lost))
        {
            throw Unknown(lost);
        }
    }

    /// <summary>A turn for what is asked later. <see cref="InTurnAsync"/> has to follow.</summary>
    public CallTurn Enter(GrainId grain) => _lanes.Enter(grain);

    /// <summary>Whether this turn is the last that was given.</summary>
    public bool IsLast(GrainId grain, CallTurn turn) => _lanes.IsLast(grain, turn);

    public async ValueTask<T> InTurnAsync<T>(GrainId grain, CallTurn turn, Func<CallTurn, ValueTask<T>> call)
    {
        var isLost = true;
        try
        {
            var answer = await call(turn);
            isLost = false;
            return answer;
        }
        finally
        {
            _lanes.Leave(grain, turn, isLost);
        }
    }

    /// <summary>Whether this says that a silo, or the way there, was lost, and no more.</summary>
    public static bool IsLoss(Exception exception) => exception
        is OrleansMessageRejectionException or ConnectionFailedException or GatewayTooBusyException or TimeoutException;

    /// <summary>Whether this is what calls end with while silos die, start or stop.</summary>
    public static bool IsUnavailable(Exception exception) =>
        exception is OrleansException or TimeoutException or OperationCanceledException or LogFailedException;

    /// <summary>Waits before a call is tried again, the longer the more often it was tried.</summary>
    public Task PauseAsync(int tries, CancellationToken cancellationToken)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(tries, 10));
        return Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
    }

    public static LogFailedException Unknown(Exception lost) =>
        new("A silo was lost before it answered: nobody knows whether it was done.", lost);
}
