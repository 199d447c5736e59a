using FsCheck;
using FsCheck.Fluent;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Shards;

public sealed class TimetableTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_host_is_looked_after_when_its_time_comes()
    {
        var board = new Board();
        var host = board.Enter("a", 10);

        board.Clock.Pass(10 * Second - TimeSpan.FromTicks(1));
        Assert.Empty(board.Taken);

        board.Clock.Pass(TimeSpan.FromTicks(1));
        Assert.Equal([("a", 10)], board.Taken);
        Assert.Equal(long.MaxValue, host.ScheduledTicks);
    }

    [Fact]
    public void An_earlier_wish_goes_before_a_later_one_and_is_looked_after_once()
    {
        var board = new Board();
        var host = board.Enter("a", 10);
        board.Enter(host, 5);
        board.Enter(host, 20);

        board.Clock.Pass(60 * Second);

        Assert.Equal([("a", 5)], board.Taken);
    }

    [Fact]
    public void A_host_may_wish_again_for_a_time_at_which_it_stood_before()
    {
        var board = new Board();
        var host = board.Enter("a", 10);
        board.Enter(host, 5);
        board.Clock.Pass(6 * Second);

        board.Enter(host, 10);
        board.Clock.Pass(60 * Second);

        Assert.Equal([("a", 5), ("a", 10)], board.Taken);
    }

    [Fact]
    public void Years_ahead_is_not_too_far()
    {
        var board = new Board();
        board.Enter("a", 400 * 24 * 60 * 60);

        board.Clock.Pass(TimeSpan.FromDays(399));
        Assert.Empty(board.Taken);

        board.Clock.Pass(TimeSpan.FromDays(1));
        Assert.Single(board.Taken);
    }

    [Fact]
    public void Everything_is_looked_after_in_time_and_in_order() =>
        Prop.ForAll<byte[]>(seconds =>
        {
            var board = new Board();
            foreach (var (second, index) in seconds.Select((second, index) => (second, index))) board.Enter($"{index}", second);

            board.Clock.Pass(256 * Second);

            Assert.Equal(seconds.Select(second => (int)second).Order(), board.Taken.Select(taken => taken.Second));
        }).QuickCheckThrowOnFailure();

    private sealed class Board
    {
        private readonly Timetable _timetable;
        private readonly DateTimeOffset _start;

        public Board()
        {
            _start = Clock.GetUtcNow();
            _timetable = new Timetable(Clock, LookAfterDue);
        }

        public ManualClock Clock { get; } = new();

        /// <summary>Who was looked after, and at which second.</summary>
        public List<(string Name, int Second)> Taken { get; } = [];

        public Wish Enter(string name, int second)
        {
            var wish = new Wish(name);
            Enter(wish, second);
            return wish;
        }

        public void Enter(Wish wish, int second) => _timetable.Enter(wish, _start + (second * Second));

        private void LookAfterDue()
        {
            var now = Clock.GetUtcNow();
            while (_timetable.TakeDue(now) is { } due) Taken.Add((((Wish)due).Name, (int)(now - _start).TotalSeconds));
            _timetable.Rewind();
        }
    }

    private sealed class Wish(string name) : IDue
    {
        public string Name { get; } = name;

        public long ScheduledTicks { get; set; } = long.MaxValue;
    }
}
