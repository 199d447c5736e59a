using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Hashes;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>
/// Plays bytes to an engine, with a checkpoint somewhere on the way, then also to engines that are made of its log: all
/// of them have to give the same answers. Two bytes are one step: the first says what is done, the second how.
/// </summary>
internal sealed class EngineScript : IDisposable
{
    /// <summary>A channel that never stands empty, so its numbering goes on for ever.</summary>
    public const string Kept = "kept";

    /// <summary>A channel that may lose everything.</summary>
    public const string Fleeting = "fleeting";

    /// <summary>A channel of which only the value is written.</summary>
    public const string Value = "value";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly ChannelOptions Durable = ChannelOptions.Default with
    {
        HistorySize = 5,
        HistoryAge = 9 * Second,
        Durability = Core.Storage.Durability.Always,
    };

    private static readonly ChannelRules Rules = new(
        [new ChannelRule(Value, Durable with { Durability = Core.Storage.Durability.None }), new ChannelRule("#", Durable)],
        ChannelOptions.Default);

    private static readonly EngineLimits Limits = new()
    {
        Queue = new QueueLimits { MaxAttempts = 2, DedupeWindow = 8 * Second },
        Hash = new HashLimits { DedupeWindow = 8 * Second },
        Channel = new ChannelLimits { DedupeWindow = 8 * Second },
    };

    private readonly ManualClock _clock = new();
    private readonly List<(EngineActor Actor, HeldLog Log, List<LogEntry> Before, int Told)> _actors = [];
    private Telling? _telling;
    private int _from;
    private int _told;
    private int _step;

    public EngineScript()
    {
        var engine = new EmbeddedEngine(_clock, ReleasedLog(out var log), Rules, Limits, EngineDurability.Default);
        var actor = new EngineActor(engine, new ChannelPosition("", 0));
        _actors.Add((actor, log, [], 0));
        actor.Publish(Kept, "anchor", retain: true, id: null);
        actor.ComeBack();
        actor.Connect();
    }

    private HeldLog FirstLog => _actors[0].Log;

    public void Play(byte[] script)
    {
        var half = script.Length / 4 * 2;
        for (var i = 0; i + 1 < half; i += 2) Step(script[i], script[i + 1], mayTell: true);
        Restart();
        AssertAlike();
        for (var i = half; i + 1 < script.Length; i += 2)
        {
            Step(script[i], script[i + 1], mayTell: false);
            if (i % 8 == 0) AssertAlike();
        }

        AssertAlike();
        // And once more: what an engine writes that was made of a log follows on that log.
        Restart();
        AssertAlike();
    }

    public void Dispose()
    {
        foreach (var (actor, _, _, _) in _actors) actor.Engine.Dispose();
    }

    private static HeldLog ReleasedLog(out HeldLog log)
    {
        log = new HeldLog();
        log.Release();
        return log;
    }

    /// <summary>Makes engines of every log, from its beginning and, of the first, from where the checkpoint began.</summary>
    private void Restart()
    {
        foreach (var (actor, _, _, _) in _actors) actor.ReturnHandOvers();
        foreach (var (actor, log, before, told) in _actors.ToList()) Add(actor, [.. before, .. log.Entries], told);
        if (_told > 0) Add(_actors[0].Actor, [.. FirstLog.Entries.Skip(_from)], _told);
    }

    private void Add(EngineActor actor, List<LogEntry> entries, int told)
    {
        var engine = Restored.From(entries, _clock, ReleasedLog(out var log), Rules, Limits, told: told);
        _actors.Add((actor.At(engine), log, entries, told));
    }

    private void AssertAlike() => Do(actor => actor.Look());

    private void Do(Func<EngineActor, string> what)
    {
        var expected = what(_actors[0].Actor);
        foreach (var (actor, _, _, _) in _actors.Skip(1)) Assert.Equal(expected, what(actor));
    }

    private void Step(byte what, byte how, bool mayTell)
    {
        _step++;
        switch (what % 16)
        {
            case < 4:
                var id = how / 48 % 5 == 0 ? null : $"id{how / 48}";
                TimeSpan? ttl = how / 12 % 4 == 3 ? 3 * Second : null;
                var delay = how / 6 % 4 == 3 ? Second : TimeSpan.Zero;
                Do(actor => actor.Push(how % 3 == 0 ? 1 : 0, $"t{_step}", how % 4, delay, ttl, id));
                break;

            case < 6:
                TimeSpan? lease = how % 3 == 0 ? null : (1 + how % 4) * Second;
                Do(actor => actor.Pop(how / 2 % 3 == 0 ? 1 : 0, how / 12 % 5 == 0 ? QueuePart.Dead : QueuePart.Live, lease));
                break;

            case < 9:
                Settle(what % 16, how);
                break;

            case 9 when how < 60:
                Do(actor => actor.Clear(how % 2, how < 40 ? QueuePart.Live : QueuePart.Dead));
                break;

            case 10:
                Change(how);
                break;

            case 11:
                Publish(how);
                break;

            case 12:
                _clock.Pass(how > 245 ? 65 * Second : how > 225 ? 15 * Second : how % 4 * 0.5 * Second);
                break;

            case 13:
                if (how % 2 == 0) Do(actor => actor.Spend(1 + how % 3));
                else Do(actor => actor.ComeBack());
                break;

            default:
                if (mayTell) Tell(how);
                break;
        }
    }

    private void Settle(int what, byte how)
    {
        if (_actors[0].Actor.HeldCount is not (> 0 and var count)) return;

        // Most often one that was taken lately.
        var index = Math.Max(0, count - 1 - how % 5);
        if (what == 6) Do(actor => actor.Acknowledge(index));
        else if (how % 7 == 0) Do(actor => actor.Extend(index, (1 + how / 64) * Second));
        else Do(actor => actor.Return(index, how / 128 * Second, countAttempt: how % 3 > 0));
    }

    private void Change(byte how)
    {
        var key = how % EngineActor.Keys;
        var id = how / 50 == 0 ? null : $"id{how / 50}";
        TimeSpan? ttl = how % 5 == 0 ? 3 * Second : null;
        switch (how / 4 % 4)
        {
            case 0:
                Do(actor => actor.Increment(key, new IncrementRequest(how, ttl, id)));
                break;

            case 1:
                Do(actor => actor.Delete(key));
                break;

            default:
                Do(actor => actor.Set(key, new SetRequest(Requests.Text($"{how}"), null, ttl, SetCondition.Always, id)));
                break;
        }
    }

    private void Publish(byte how)
    {
        var id = how / 50 == 0 ? null : $"id{how / 50}";
        var text = how % 3 == 0 ? "" : $"m{_step}";
        switch (how % 4)
        {
            case 0:
                Do(actor => actor.Publish(Fleeting, text, how % 8 == 0, id));
                break;

            case 1:
                Do(actor => actor.Publish(Value, text, how % 8 == 1, id: null));
                break;

            default:
                Do(actor => actor.Publish(Kept, $"m{_step}", how % 16 == 2, id));
                break;
        }
    }

    // One checkpoint, a little at a time; what is done between is what it must bear.
    private void Tell(byte how)
    {
        if (_told > 0) return;
        if (_telling is null)
        {
            _from = FirstLog.Entries.Count;
            _telling = new Telling(_actors[0].Actor.Engine);
        }

        var step = how > 220 ? 1000 : 1 + how % 3;
        if (!_telling.Step(step)) _told = FirstLog.Entries.Count - _from;
    }
}
