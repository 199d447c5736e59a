using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>What the engine keeps of sessions of MQTT, and when it is durable.</summary>
public sealed class MqttSessionTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(200);

    private readonly ManualClock _clock = new();
    private readonly HeldLog _log = new();
    private readonly EmbeddedEngine _engine;

    public MqttSessionTests() =>
        _engine = new EmbeddedEngine(_clock, _log, Requests.AlwaysDurable, EngineLimits.Default, EngineDurability.Default);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Whoever_waits_waits_for_what_was_to_be_waited_for_and_for_nothing_else()
    {
        var session = _engine.MqttSession("1");
        session.Append(Opened, isWaitedFor: true);
        var waiting = session.WhenKeptAsync(None);
        Assert.False(waiting.IsCompleted);

        _log.Flush();
        await waiting;
        session.Append(new PublishBegun(1, "a", 1), isWaitedFor: false);

        var kept = session.WhenKeptAsync(None).AsTask();
        Assert.True(kept.IsCompletedSuccessfully);
        await kept;
        Assert.Equal(Core.Storage.Durability.Interval, _log.Entries[^1].Durability);
    }

    [Fact]
    public async Task A_session_that_has_ended_is_waited_for_and_then_is_none()
    {
        var session = _engine.MqttSession("1");
        session.Append(Opened, isWaitedFor: true);
        session.Append(new SessionEnded(), isWaitedFor: true);
        session.Append(new PublishBegun(1, "a", 1), isWaitedFor: true);

        var kept = session.WhenKeptAsync(None).AsTask();
        Assert.False(kept.IsCompleted);
        Assert.Equal([typeof(SessionOpened), typeof(SessionEnded)], _log.Facts.Select(fact => fact.GetType()));
        _log.Release();
        await kept;
        Assert.Empty(await _engine.ListMqttSessionsAsync(None));
    }

    [Fact]
    public async Task Who_was_there_at_the_end_has_the_time_that_it_asked_for_from_the_start_on()
    {
        _log.Release();
        var session = _engine.MqttSession("1");
        session.Append(Opened, isWaitedFor: true);
        session.Append(new SessionConnected(10, TimeSpan.FromMinutes(5), null), isWaitedFor: true);
        _clock.Pass(TimeSpan.FromMinutes(30));

        using var next = Restored.From(_log.Entries, _clock, new MemoryLog());
        var facts = await next.MqttSession("1").FactsAsync(None);

        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromMinutes(5), facts.OfType<SessionDisconnected>().Single().EndsAt);
    }

    [Fact]
    public async Task What_was_not_wanted_on_disk_is_not_written()
    {
        var durability = EngineDurability.Default with { MqttSession = Core.Storage.Durability.None };
        using var engine = new EmbeddedEngine(_clock, _log, Requests.AlwaysDurable, EngineLimits.Default, durability);

        engine.MqttSession("1").Append(Opened, isWaitedFor: true);

        await engine.MqttSession("1").WhenKeptAsync(None);
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public void What_cannot_have_been_is_refused_at_the_start()
    {
        LogEntry[] entries = [Entry(Opened, EntryMark.Begins), Entry(new MessageSent(1), EntryMark.None)];

        Assert.Throws<RestoreException>(() => Restored.From(entries, _clock, new MemoryLog()));
    }

    [Fact]
    public void The_log_gives_the_session_back_also_from_a_checkpoint_that_was_made_meanwhile() =>
        Prop.ForAll<byte[]>(script =>
        {
            var log = new HeldLog();
            log.Release();
            using var engine = new EmbeddedEngine(_clock, log, Requests.AlwaysDurable, EngineLimits.Default, EngineDurability.Default);
            var session = new MqttSession(MqttLimits.Default);
            Do(engine, session, Opened);
            Do(engine, session, session.Connect(10, TimeSpan.FromMinutes(5), null));
            var (telling, from, told) = (default(Telling), 0, 0);
            for (var i = 0; i < script.Length; i++)
            {
                Step(engine, session, script[i], i);
                if (i < script.Length / 3 || told > 0) continue;
                if (telling is null) (telling, from) = (new Telling(engine), log.Entries.Count);
                else if (!telling.Step(1)) told = log.Entries.Count - from;
            }

            Do(engine, session, session.Disconnect(session.Expiry, _clock.GetUtcNow()));
            AssertSame(session, log.Entries, 0);
            if (told > 0) AssertSame(session, [.. log.Entries.Skip(from)], told);
        }).Check(Thorough);

    private static SessionOpened Opened => new("1", "ann", "lamp", "peer", LastPacketId: 0, LastPublish: 0);

    private static LogEntry Entry(MqttFact fact, EntryMark mark) => new(MachineKind.MqttSession, "1", fact, mark, default);

    private void AssertSame(MqttSession session, IReadOnlyList<LogEntry> entries, int told)
    {
        using var next = Restored.From(entries, _clock, new MemoryLog(), told: told);
        Assert.Equal(StateOf(session.Snapshot()), StateOf(Answer(next.MqttSession("1").FactsAsync(None))));
    }

    private static T Answer<T>(ValueTask<T> answer)
    {
        Assert.True(answer.IsCompletedSuccessfully, "The log holds nothing back here.");
        return answer.Result;
    }

    // How much more the client takes is of its connection.
    private static IEnumerable<MqttFact> StateOf(IEnumerable<MqttFact> facts) =>
        facts.Select(fact => fact is SessionConnected connected ? connected with { ReceiveMaximum = 0 } : fact);

    private static void Step(EmbeddedEngine engine, MqttSession session, byte code, int step)
    {
        var id = (ushort)(1 + (code / 16 % 4));
        MqttFact? fact = (code % 9) switch
        {
            0 or 1 => session.Offer(Waiting(step, code)),
            2 or 3 => session.NextToSend(DateTimeOffset.UnixEpoch),
            4 => session.Acknowledge(id),
            5 => session.Receive(id, isRefused: false),
            6 => session.Complete(id),
            7 => session.TryBegin(id, "a", out var begun) && begun is not null ? begun : session.Take(id),
            _ => code < 128 ? session.End(id) : new ReadTo("log", new ChannelPosition("e", step)),
        };
        Do(engine, session, fact);
    }

    private static MqttMessage Waiting(int step, byte code)
    {
        var message = new Message(step, default, new Payload(new byte[] { code }, PayloadKind.Binary), Headers.None, "", null, false);
        var quality = code % 2 == 0 ? Quality.AtLeastOnce : Quality.ExactlyOnce;
        ChannelPosition? place = code < 128 ? null : new ChannelPosition("e", step);
        return new MqttMessage("log", message, place, new MqttDelivery(quality, false, []), null, null);
    }

    private static void Do(EmbeddedEngine engine, MqttSession session, MqttFact? fact)
    {
        if (fact is null) return;

        session.Apply(fact);
        engine.MqttSession("1").Append(
            fact is MessageQueued queued ? queued with { Message = queued.Message.ToKeep() } : fact, isWaitedFor: false);
    }
}
