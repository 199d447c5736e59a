using System.Collections.Concurrent;

namespace Signalbox.Gateways.Sse;

/// <summary>Says something on every stream once in a while, so that nobody between takes it for dead, and a dead one is
/// found out.</summary>
/// <remarks>One timer for all of them. They take turns over the interval, since ten thousand writes at one moment would
/// hold up whatever else is to be written.</remarks>
internal sealed class SseHeartbeat : IDisposable
{
    private const int Turns = 16;

    private readonly ConcurrentDictionary<SseSession, bool>[] _streams = new ConcurrentDictionary<SseSession, bool>[Turns];
    private readonly ITimer? _timer;
    private int _turn;

    public SseHeartbeat(SseOptions options, TimeProvider clock)
    {
        for (var i = 0; i < Turns; i++) _streams[i] = new ConcurrentDictionary<SseSession, bool>();
        if (options.Heartbeat == TimeSpan.Zero) return;

        var period = options.Heartbeat / Turns;
        _timer = clock.CreateTimer(static state => ((SseHeartbeat)state!).Beat(), this, period, period);
    }

    public void Dispose() => _timer?.Dispose();

    public void Add(SseSession stream) => TurnOf(stream).TryAdd(stream, true);

    public void Remove(SseSession stream) => TurnOf(stream).TryRemove(stream, out _);

    private ConcurrentDictionary<SseSession, bool> TurnOf(SseSession stream) =>
        _streams[(uint)stream.Id.GetHashCode(StringComparison.Ordinal) % Turns];

    private void Beat()
    {
        var turn = (uint)Interlocked.Increment(ref _turn) % Turns;
        foreach (var (stream, _) in _streams[turn]) stream.Beat();
    }
}
