using System.Globalization;
using Signalbox.Core.Mqtt;
using Signalbox.Engine;
using Signalbox.Engine.Mqtt;

namespace Signalbox.Gateways.Mqtt;

// What of the session the engine keeps, so that the next process has it; and what waits until it has.
internal sealed partial class MqttClient
{
    // Packets that reveal what is not durable yet, and all that are behind them; null while there are none. Under the gate.
    private Queue<(MqttConnection Connection, byte[] Packets, ValueTask Kept)>? _held;
    private IMqttSession? _log;

    /// <summary>Whether something new can be begun that has to be kept.</summary>
    public bool HasRoom => _log?.HasRoom ?? true;

    /// <summary>Completes when what was said of the session so far outlives the process, as far as it is to.</summary>
    public ValueTask WhenKeptAsync() => _log?.WhenKeptAsync(CancellationToken.None) ?? ValueTask.CompletedTask;

    /// <summary>The session as it was kept: it is where it was before.</summary>
    public async ValueTask ResumeAsync()
    {
        await FillAsync();
        SessionSubscription[] all;
        using (_gate.Enter()) all = [.. _session.Subscriptions];
        foreach (var subscription in all)
        {
            // The rules may be others now.
            using (_gate.Enter())
            {
                if (_session.ReadToOf(subscription.Key) is not null && !IsRead(subscription)) Do(new ReadTo(subscription.Key, default));
            }

            var place = await ComeBackAsync(subscription);
            using (_gate.Enter()) _places.Add(subscription.Key, place);
        }

        if (Look(Now) is { } next) _host.Deadlines.Set(this, next);
    }

    // Under the gate, as all below.

    /// <summary>What was decided happens, and is kept where the session is.</summary>
    private void Do(MqttFact fact, bool isWaitedFor = false)
    {
        // What is sent again on a connection is so on the next one too.
        if (_log is not null && fact is not (MessageSentAgain or ReleaseSentAgain)) _log.Append(ToKeep(fact), isWaitedFor);
        _session.Apply(fact);
    }

    /// <summary>A session that is to outlive its connection is kept, and one that is not is forgotten.</summary>
    private void Keep(TimeSpan expiry)
    {
        if (expiry > TimeSpan.Zero && _log is null)
        {
            _log = Sessions.Engine.MqttSession(_session.Id);
            foreach (var fact in _session.Snapshot()) _log.Append(fact, isWaitedFor: true);
        }
        else if (expiry == TimeSpan.Zero && _log is not null)
        {
            _log.Append(new SessionEnded(), isWaitedFor: true);
            _log = null;
        }
    }

    /// <summary>Sends packets, once what they reveal is kept, and after those that wait for the same.</summary>
    private void Send(MqttConnection connection, byte[] packets, bool isRevealing)
    {
        var kept = isRevealing ? WhenKeptAsync() : ValueTask.CompletedTask;
        if (_held is null && kept.IsCompletedSuccessfully)
        {
            connection.Outbound.Add(packets);
            return;
        }

        var isFirst = _held is null;
        (_held ??= new()).Enqueue((connection, packets, kept));
        if (isFirst) _host.Background.Add(ReleaseHeldAsync());
    }

    private async Task ReleaseHeldAsync()
    {
        // Not within the gate that its caller holds.
        await Task.Yield();
        while (true)
        {
            ValueTask kept;
            using (_gate.Enter())
            {
                if (_held!.Count == 0)
                {
                    _held = null;
                    return;
                }

                kept = _held.Peek().Kept;
            }

            try
            {
                await kept;
            }
            catch (LogFailedException)
            {
                // The process is at its end; whatever comes of the session is the next one's.
                return;
            }

            using (_gate.Enter())
            {
                var (connection, packets, _) = _held.Dequeue();
                if (connection == _connection) connection.Outbound.Add(packets);
            }
        }
    }

    private static MqttFact ToKeep(MqttFact fact) =>
        fact is MessageQueued { Message.Place: not null } queued ? queued with { Message = queued.Message.ToKeep() } : fact;

    // The same for a will that is published again because a crash came before it was noted that it was.
    private string? WillId() => _log is null ? null : string.Create(CultureInfo.InvariantCulture, $"will/{_session.Id}/{_session.EndsAt.UtcTicks}");
}
