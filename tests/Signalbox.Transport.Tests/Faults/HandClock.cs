using System.Threading.Channels;

namespace Signalbox.Transport.Tests.Faults;

/// <summary>A clock whose timers a test lets fall due one by one, when they have been set.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly Channel<HandTimer> _timers = Channel.CreateUnbounded<HandTimer>();
    private long _now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(callback, state, dueTime);
        _timers.Writer.TryWrite(timer);
        return timer;
    }

    /// <summary>The timer that is set next.</summary>
    public async Task<HandTimer> NextTimerAsync() => await _timers.Reader.ReadAsync().AsTask().WaitAsync(Connections.Patience);

    internal sealed class HandTimer(TimerCallback callback, object? state, TimeSpan due) : ITimer
    {
        public TimeSpan Due { get; } = due;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // Nobody fires what is over.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
