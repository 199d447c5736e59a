using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Queues;
using static Signalbox.Core.Tests.Queues.QueueDriver;

namespace Signalbox.Core.Tests.Queues;

public sealed class PopLineTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Waiters_are_served_in_order_of_arrival_and_once()
    {
        var line = new PopLine<string>(10);
        foreach (var name in new[] { "a", "b", "c" }) line.TryEnter(name, QueuePart.Live, until: null, out _);

        Assert.Equal(["a", "b", "c"], ServeAll(line, QueuePart.Live));
        Assert.Equal(0, line.Count);
    }

    [Fact]
    public void Whoever_waits_for_dead_letters_gets_no_live_item()
    {
        var line = new PopLine<string>(10);
        line.TryEnter("dead", QueuePart.Dead, until: null, out _);
        line.TryEnter("live", QueuePart.Live, until: null, out _);

        Assert.Equal(["live"], ServeAll(line, QueuePart.Live));
        Assert.Equal(["dead"], ServeAll(line, QueuePart.Dead));
    }

    [Fact]
    public void Whoever_leaves_is_not_served_and_can_leave_only_once()
    {
        var line = new PopLine<string>(10);
        line.TryEnter("a", QueuePart.Live, until: null, out _);
        line.TryEnter("b", QueuePart.Live, Start + Second, out var ticket);
        line.TryEnter("c", QueuePart.Live, until: null, out _);

        Assert.True(line.Leave(ticket));
        Assert.False(line.Leave(ticket));

        Assert.Null(line.NextTimeout);
        Assert.Equal(["a", "c"], ServeAll(line, QueuePart.Live));
    }

    [Fact]
    public void Whoever_was_served_can_neither_leave_nor_time_out()
    {
        var line = new PopLine<string>(10);
        line.TryEnter("a", QueuePart.Live, Start + Second, out var ticket);
        line.TryNext(QueuePart.Live, out _);

        Assert.False(line.Leave(ticket));
        Assert.Null(line.NextTimeout);
        Assert.False(line.TakeTimedOut(Start + Second, out _));
    }

    [Fact]
    public void Waiters_time_out_at_their_moment_the_earliest_first()
    {
        var line = new PopLine<string>(10);
        line.TryEnter("later", QueuePart.Live, Start + (2 * Second), out _);
        line.TryEnter("sooner", QueuePart.Dead, Start + Second, out _);
        line.TryEnter("never", QueuePart.Live, until: null, out _);

        Assert.Equal(Start + Second, line.NextTimeout);
        Assert.False(line.TakeTimedOut(Start, out _));
        Assert.True(line.TakeTimedOut(Start + (2 * Second), out var first));
        Assert.True(line.TakeTimedOut(Start + (2 * Second), out var second));
        Assert.False(line.TakeTimedOut(Start + (9 * Second), out _));

        Assert.Equal(("sooner", "later"), (first, second));
        Assert.Equal(["never"], ServeAll(line, QueuePart.Live));
    }

    [Fact]
    public void A_full_line_lets_nobody_in_until_one_has_gone()
    {
        var line = new PopLine<string>(1);
        line.TryEnter("a", QueuePart.Live, until: null, out var ticket);

        Assert.False(line.TryEnter("b", QueuePart.Dead, until: null, out var none));
        Assert.False(line.Leave(none));
        line.Leave(ticket);
        Assert.True(line.TryEnter("b", QueuePart.Dead, until: null, out _));
    }

    [Fact]
    public void Any_script_gives_what_a_list_gives() =>
        Prop.ForAll<byte[]>(script =>
        {
            var line = new PopLine<int>(20);
            var model = new List<(int Waiter, QueuePart Part, DateTimeOffset? Until, WaiterTicket Ticket)>();
            for (var i = 0; i + 1 < script.Length; i += 2)
            {
                var (what, how) = (script[i], script[i + 1]);
                var part = how % 2 == 0 ? QueuePart.Live : QueuePart.Dead;
                var now = Start + (how / 2 * Second);
                switch (what % 8)
                {
                    case < 4:
                        DateTimeOffset? until = how % 5 == 0 ? null : now;
                        Assert.Equal(model.Count < 20, line.TryEnter(i, part, until, out var ticket));
                        if (model.Count < 20) model.Add((i, part, until, ticket));
                        break;

                    case 4 when model.Count > 0:
                        Assert.True(line.Leave(model[how % model.Count].Ticket));
                        model.RemoveAt(how % model.Count);
                        break;

                    case 5:
                        var next = model.Where(entry => entry.Part == part).Take(1).ToList();
                        Assert.Equal(next.Count > 0, line.TryNext(part, out var served));
                        Assert.All(next, entry => Assert.Equal(entry.Waiter, served));
                        model.RemoveAll(next.Contains);
                        break;

                    case 6:
                        var byTime = model.Where(entry => entry.Until <= now).OrderBy(entry => entry.Until);
                        var due = byTime.Take(1).ToList();
                        Assert.Equal(due.Count > 0, line.TakeTimedOut(now, out var late));
                        Assert.All(due, entry => Assert.Equal(entry.Waiter, late));
                        model.RemoveAll(due.Contains);
                        break;
                }

                Assert.Equal(model.Count, line.Count);
                Assert.Equal(model.Min(entry => entry.Until), line.NextTimeout);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(400));

    private static List<string> ServeAll(PopLine<string> line, QueuePart part)
    {
        var served = new List<string>();
        while (line.TryNext(part, out var waiter)) served.Add(waiter);
        return served;
    }
}
