using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Simulation.Expected;

namespace Signalbox.Simulation.Clients;

/// <summary>Those who push work, and those who take it and keep their receipts, whatever becomes of the server.</summary>
internal sealed class QueueClients(World world, Calls calls)
{
    private const int KeptReceipts = 40;

    private readonly List<(string Queue, string Payload, Receipt Receipt)> _receipts = [];
    private readonly List<Waiting> _waiting = [];
    private string _name = "";

    private Timeline<ExpectedQueue> Timeline => world.Queues[_name];

    public void Act()
    {
        _name = world.Any(world.Queues.Keys);
        switch (world.Dice.Next(20))
        {
            case < 6:
                Push();
                break;

            case < 11:
                Pop();
                break;

            case < 16:
                Finish();
                break;

            case 16:
                Look(world.Chance(3) ? QueuePart.Dead : QueuePart.Live);
                break;

            case 17:
                Leave();
                break;

            case 18 when world.Chance(6):
                Clear();
                break;

            default:
                Count();
                break;
        }
    }

    /// <summary>The process is gone, and who waited at it.</summary>
    public void Drop()
    {
        foreach (var entry in _waiting) entry.Leaving.Dispose();
        _waiting.Clear();
    }

    /// <summary>Time has passed: items come back, and who waited long enough is answered.</summary>
    public void TimePassed()
    {
        foreach (var (_, timeline) in world.Queues)
        {
            if (!timeline.Now.IsDue(world.Now)) continue;

            var next = timeline.Now.Copy();
            next.PassTo(world.Now);
            Put(timeline, next);
        }
    }

    public void Look(string queue, QueuePart part)
    {
        _name = queue;
        Look(part);
        Count();
    }

    private void Push()
    {
        var payload = world.NewName(_name);
        var delay = world.Chance(4) ? world.SomeTime(10) : TimeSpan.Zero;
        var request = new PushRequest(
            World.Bytes(payload), Headers.None, world.Dice.Next(3), delay, world.MaybeTime(60), world.MaybeId());
        var next = Timeline.Now.Copy();
        var name = _name;
        var named = next.Push(payload, request.Priority, delay, request.Ttl, request.Id, world.Now);
        var queue = world.Engine.Queue(_name, QueuePart.Live);
        calls.Start(
            $"push {payload[..Math.Min(payload.Length, 20)]} delay {delay} ttl {request.Ttl} id {request.Id}",
            world.Life.HasRoom,
            () => queue.PushAsync(request, CancellationToken.None),
            answer => answer.Refusal,
            Commit(next),
            answer =>
            {
                Same(Refusal.None, answer.Refusal);
                world.Revealed.Item(name, answer.ItemId, named);
            });
    }

    private void Pop()
    {
        var part = world.Chance(8) ? QueuePart.Dead : QueuePart.Live;
        var lease = world.SomeTime(20);
        var wait = world.Chance(3) ? world.SomeTime(20) : TimeSpan.Zero;
        var leaving = new CancellationTokenSource();
        var popper = new ExpectedWaiter(world.NewNumber(), part, lease, world.Now + wait);
        var waiting = new Waiting(_name, popper, leaving);
        var next = Timeline.Now.Copy();
        waiting.Answer = next.Pop(popper, wait > TimeSpan.Zero, world.Now);
        var name = _name;
        var queue = world.Engine.Queue(_name, part);
        var commit = Commit(next);
        calls.Start(
            $"pop {_name} {part} lease {lease} wait {wait} -> {Describe(waiting.Answer)}",
            world.Life.HasRoom,
            () => PopAsync(queue, new PopRequest(lease, wait), leaving.Token),
            answer => answer.Refusal,
            () =>
            {
                var position = commit();
                if (waiting.Answer is not null) return position;

                // What its answer reveals is known when it is served; whoever leaves the line is told nothing.
                _waiting.Add(waiting);
                return 0;
            },
            answer => Popped(name, waiting, answer));
    }

    private static async ValueTask<PopAnswer> PopAsync(IQueue queue, PopRequest request, CancellationToken leaving)
    {
        try
        {
            return await queue.PopAsync(request, leaving);
        }
        catch (OperationCanceledException)
        {
            return PopAnswer.Nothing;
        }
    }

    private void Popped(string name, Waiting waiting, PopAnswer answer)
    {
        Revealed.Check(waiting.Answer is not null, () => "it was answered before its time.");
        var expected = waiting.Answer!; // Just checked.
        world.Revealed.UpTo(waiting.Position);
        Same(Refusal.None, answer.Refusal);
        Same(expected.Item?.Payload, answer.Item is null ? null : World.Text(answer.Item.Payload));
        if (expected.Item is not { } item || answer.Item is not { } got) return;

        Same((item.Lease, item.Attempts, expected.Until), (answer.Receipt.Lease, got.Attempts, answer.Until));
        world.Revealed.Item(name, got.Id, item.Payload);
        _receipts.Add((name, item.Payload, answer.Receipt));
        if (_receipts.Count > KeptReceipts) _receipts.RemoveAt(0);
    }

    private void Leave()
    {
        if (_waiting.Count == 0) return;

        var waiting = world.Any(_waiting);
        world.Journal.Note($"leave the line at {waiting.Queue}");
        var timeline = world.Queues[waiting.Queue];
        var next = timeline.Now.Copy();
        if (next.Leave(waiting.Popper))
        {
            waiting.Answer = new ExpectedPop(null, default);
            timeline.Put(timeline.Position, next);
        }

        _waiting.Remove(waiting);
        Turn.Begin();
        waiting.Leaving.Cancel();
        Turn.End();
        waiting.Leaving.Dispose();
    }

    private void Finish()
    {
        if (_receipts.Count == 0) return;

        var (name, payload, receipt) = world.Any(_receipts);
        _name = name;
        var next = Timeline.Now.Copy();
        var queue = world.Engine.Queue(name, QueuePart.Live);
        var delay = world.Chance(2) ? world.SomeTime(10) : TimeSpan.Zero;
        var counts = world.Chance(2);
        var time = world.SomeTime(20);
        // Without room an item that is given back goes to nobody who waits for it, until there is.
        var (what, refusal, call) = (world.Life.HasRoom ? world.Dice.Next(4) : 3) switch
        {
            0 => ("return", next.Return(payload, receipt.Lease, delay, counts, world.Now),
                () => queue.ReturnAsync(new ReturnRequest(receipt, delay, counts), CancellationToken.None)),
            1 => ("extend", next.Extend(payload, receipt.Lease, time, world.Now),
                () => queue.ExtendAsync(receipt, time, CancellationToken.None)),
            _ => ("acknowledge", next.Acknowledge(payload, receipt.Lease),
                (Func<ValueTask<Refusal>>)(() => queue.AcknowledgeAsync(receipt, CancellationToken.None))),
        };
        calls.Start(
            $"{what} {payload[..Math.Min(payload.Length, 20)]} lease {receipt.Lease} -> {refusal}",
            world.Life.HasRoom,
            call,
            answer => answer,
            Commit(next),
            answer => Same(refusal, answer));
    }

    private void Look(QueuePart part)
    {
        var items = Timeline.Now.Peek(part).Take(20);
        var expected = string.Join(' ', items.Select(item => $"{item.Payload}/{item.Attempts}"));
        var name = _name;
        var queue = world.Engine.Queue(_name, part);
        var position = Timeline.Position;
        calls.Start(
            $"peek {_name} {part}",
            world.Life.HasRoom,
            () => queue.PeekAsync(20, CancellationToken.None),
            _ => Refusal.None,
            () => position,
            answer =>
            {
                Same(expected, string.Join(' ', answer.Select(item => $"{World.Text(item.Payload)}/{item.Attempts}")));
                foreach (var item in answer) world.Revealed.Item(name, item.Id, World.Text(item.Payload));
            });
    }

    private void Count()
    {
        var expected = Timeline.Now.Counts();
        var queue = world.Engine.Queue(_name, QueuePart.Live);
        var position = Timeline.Position;
        calls.Start(
            $"count {_name} -> {expected}",
            world.Life.HasRoom,
            () => queue.CountAsync(CancellationToken.None),
            _ => Refusal.None,
            () => position,
            answer => Same(expected, answer));
    }

    private void Clear()
    {
        var part = world.Chance(2) ? QueuePart.Dead : QueuePart.Live;
        var next = Timeline.Now.Copy();
        var count = next.Clear(part);
        var queue = world.Engine.Queue(_name, part);
        calls.Start(
            $"clear {_name} {part} -> {count}",
            world.Life.HasRoom,
            () => queue.ClearAsync(CancellationToken.None),
            answer => answer.Refusal,
            Commit(next),
            answer => Same(new ClearAnswer(Refusal.None, count), answer));
    }

    private static string Describe(ExpectedPop? pop) =>
        pop is null ? "waits" : pop.Item is null ? "nothing" : $"{pop.Item.Payload} lease {pop.Item.Lease}";

    private static void Same<T>(T expected, T answer) =>
        Revealed.Check(EqualityComparer<T>.Default.Equals(expected, answer), () =>
            $"expected {expected}, and the answer is {answer}.");

    private Func<long> Commit(ExpectedQueue next)
    {
        var timeline = Timeline;
        return () =>
        {
            Put(timeline, next);
            return timeline.Position;
        };
    }

    private void Put(Timeline<ExpectedQueue> timeline, ExpectedQueue next)
    {
        var before = timeline.Position;
        timeline.Put(next.HasChanged ? world.Life.LastPosition : timeline.Position, next);
        foreach (var (popper, answer) in next.Served)
        {
            var waiting = _waiting.Single(waiting => waiting.Popper == popper);
            waiting.Answer = answer;
            // Whose time was over may have been told so before anything else came to pass.
            waiting.Position = answer.Item is null ? before : timeline.Position;
            waiting.Leaving.Dispose();
            _waiting.Remove(waiting);
        }
    }
}
