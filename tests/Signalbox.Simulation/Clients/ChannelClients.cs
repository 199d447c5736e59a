using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Simulation.Expected;

namespace Signalbox.Simulation.Clients;

/// <summary>Those who publish, and those who listen and come back.</summary>
internal sealed class ChannelClients(World world, Calls calls)
{
    private readonly Dictionary<string, ChannelPosition> _heard = [];
    private readonly Dictionary<(string Channel, long Offset), long> _positions = [];
    private string _name = "";
    private int _seen;

    private Timeline<ExpectedChannel> Timeline => world.Channels[_name];

    private ExpectedChannel Channel => Timeline.Now.At(world.Now);

    public void Act()
    {
        _name = world.Any(world.Channels.Keys);
        switch (world.Dice.Next(4))
        {
            case 0:
                Enter();
                break;

            case 1:
                History();
                break;

            default:
                Publish();
                break;
        }
    }

    public void Look(string channel)
    {
        _name = channel;
        History();
        Enter();
    }

    /// <summary>Another process hands out deliveries from now on.</summary>
    public void Drop() => _seen = 0;

    /// <summary>Looks at what was delivered since the last look.</summary>
    public void Hear()
    {
        var posted = world.Life.Node.Posted;
        for (; _seen < posted.Count; _seen++)
        {
            if (posted[_seen] is not MessageDelivery delivery) continue;

            var at = new ChannelPosition(delivery.Epoch, delivery.Message.Offset);
            world.Journal.Note($"  delivered: {delivery.Channel} {at.Offset}");
            world.Revealed.Message(delivery.Channel, at, World.Text(delivery.Message.Payload));
            if (!IsHasty(delivery.Channel)) world.Revealed.UpTo(_positions[(delivery.Channel, at.Offset)]);
            if (_heard.TryGetValue(delivery.Channel, out var before) && before.Epoch == at.Epoch)
            {
                Revealed.Check(at.Offset > before.Offset, () => $"{delivery.Channel} delivers {at} after {before}.");
            }

            _heard[delivery.Channel] = at;
        }
    }

    private void Publish()
    {
        var isClearing = world.Chance(10);
        var payload = isClearing ? "" : world.NewName(_name);
        var retain = isClearing || world.Chance(3);
        var id = isClearing ? null : world.MaybeId();
        var (offset, next) = Channel.Publish(payload, retain, id, world.Now);
        var request = new PublishRequest(World.Bytes(payload), Headers.None, "simulation", null, retain, id);
        var (name, timeline, isNew) = (_name, Timeline, next.Last > Timeline.Now.Last);
        var channel = world.Engine.Channel(_name);
        calls.Start(
            $"publish {_name} retain {retain} id {id} -> {offset}",
            world.Life.HasRoom,
            () => channel.PublishAsync(request, CancellationToken.None),
            answer => answer.Refusal,
            () =>
            {
                if (isNew) timeline.Put(world.Life.LastPosition, next);
                if (isNew) _positions[(name, offset)] = world.Life.LastPosition;
                return IsHasty(name) ? 0 : timeline.Position;
            },
            answer => Same((Refusal.None, offset), (answer.Refusal, answer.Offset)));
    }

    private void History()
    {
        var (name, expected) = (_name, Channel);
        var since = world.Chance(2) ? 0 : world.Dice.NextInt64(expected.Last + 1);
        var channel = world.Engine.Channel(_name);
        var position = IsHasty(name) ? 0 : Timeline.Position;
        calls.Start(
            $"history {_name} since {since}",
            world.Life.HasRoom,
            () => channel.HistoryAsync(new HistoryRequest(since, 100, Reverse: false), CancellationToken.None),
            _ => Refusal.None,
            () => position,
            answer =>
            {
                Same(Told(expected.After(since)), Told(name, answer.Position.Epoch, answer.Messages));
                Same((expected.First, expected.Last), (answer.First, answer.Position.Offset));
            });
    }

    private void Enter()
    {
        var (name, expected) = (_name, Channel);
        ChannelPosition? from = world.Chance(2) || !_heard.TryGetValue(_name, out var heard) ? null : heard;
        var channel = world.Engine.Channel(_name);
        var position = IsHasty(name) ? 0 : Timeline.Position;
        calls.Start(
            $"enter {_name} from {from?.Offset}",
            world.Life.HasRoom,
            () => channel.EnterAsync(new EnterRequest(null, from), CancellationToken.None),
            answer => answer.Refusal,
            () => position,
            answer => Entered(name, expected, from, answer));
    }

    private void Entered(string name, ExpectedChannel expected, ChannelPosition? from, EnterAnswer answer)
    {
        Same((Refusal.None, expected.Last), (answer.Refusal, answer.Position.Offset));
        if (from is { } since)
        {
            var isKept = since.Epoch == answer.Position.Epoch && since.Offset >= expected.First - 1;
            Same(isKept, answer.Recovered);
            if (isKept) Same(Told(expected.After(since.Offset)), Told(name, since.Epoch, answer.Messages));
        }

        if (!answer.Recovered) Same(expected.Retained?.Offset, answer.Retained?.Offset);
        if (answer.Retained is { } kept) Told(name, answer.Position.Epoch, [kept]);
    }

    // Nobody waits for what it says, and a crash may take the last of it back.
    private static bool IsHasty(string name) => name == Settings.HastyChannel;

    private static string Told(IEnumerable<ExpectedMessage> messages) =>
        string.Join(' ', messages.Select(message => $"{message.Offset}={message.Payload}"));

    private string Told(string name, string epoch, IEnumerable<Message> messages) =>
        string.Join(' ', messages.Select(message =>
        {
            var text = World.Text(message.Payload);
            world.Revealed.Message(name, new ChannelPosition(epoch, message.Offset), text);
            return $"{message.Offset}={text}";
        }));

    private static void Same<T>(T expected, T answer) =>
        Revealed.Check(EqualityComparer<T>.Default.Equals(expected, answer), () =>
            $"expected {expected}, and the answer is {answer}.");
}
