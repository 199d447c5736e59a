using Signalbox.Client.Tests.EndToEnd;

namespace Signalbox.Server.Tests.Recovery;

/// <summary>
/// Follows a channel from its first message on, over a way that it cuts itself, at places that a seed decides: so it is
/// always cut in the middle, however fast the machine.
/// </summary>
internal abstract class Follower : IAsyncDisposable
{
    public const string Channel = "race";
    public const int Last = 10_000;
    public const int Cuts = 25;

    private readonly Random _random;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _cuts;
    private long _nextCut;

    protected Follower(int port, int seed)
    {
        _random = new Random(seed);
        Cable = new Cable(port);
        PlanCut();
    }

    /// <summary>It is there, and has missed nothing.</summary>
    public Task Ready => _ready.Task;

    /// <summary>How far it has come.</summary>
    public long Seen { get; private set; }

    protected Cable Cable { get; }

    protected bool IsDone => Seen == Last;

    /// <summary>Ends when it has seen the last message, and has been cut off as often as it has to be.</summary>
    public abstract Task FollowAsync();

    public virtual ValueTask DisposeAsync() => Cable.DisposeAsync();

    protected void IsReady() => _ready.TrySetResult();

    /// <summary>Exactly the next message: no gap, and nothing twice.</summary>
    protected void Note(long offset, string? value)
    {
        Assert.Equal((GetType().Name, Seen + 1, $"{Seen + 1}"), (GetType().Name, offset, value));
        Seen = offset;
        if (Seen != _nextCut) return;

        Cut();
        PlanCut();
    }

    protected virtual void Cut() => Cable.Cut();

    private void PlanCut() => _nextCut = _cuts++ < Cuts ? _nextCut + _random.Next(1, Last / Cuts) : long.MaxValue;
}
