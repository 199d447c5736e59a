using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Tests.Nodes;

public sealed class TurnTests
{
    [Fact]
    public void What_is_put_off_is_done_at_the_end_of_the_outermost_turn()
    {
        var done = new List<string>();

        Turn.Begin();
        Turn.Begin();
        Turn.PutOff(new Work(() => done.Add("work")));
        Turn.End();
        done.Add("inner end");
        Turn.End();

        Assert.Equal(["inner end", "work"], done);
    }

    [Fact]
    public void A_little_that_is_at_home_elsewhere_is_done_here()
    {
        var (done, sent) = Run(count: 16, isAtHome: false);

        Assert.Equal((16, 0), (done, sent));
    }

    [Fact]
    public void Much_that_is_at_home_elsewhere_is_sent_there()
    {
        var (done, sent) = Run(count: 100, isAtHome: false);

        Assert.Equal((0, 100), (done, sent));
    }

    [Fact]
    public void Much_that_is_at_home_here_is_done_here()
    {
        var (done, sent) = Run(count: 100, isAtHome: true);

        Assert.Equal((100, 0), (done, sent));
    }

    private static (int Done, int Sent) Run(int count, bool isAtHome)
    {
        var (done, sent) = (0, 0);
        Action<IThreadPoolWorkItem> home = _ => sent++;
        Turn.Home = isAtHome ? home : null;
        try
        {
            Turn.Begin();
            for (var i = 0; i < count; i++) Turn.PutOff(new HomedWork(home, () => done++));
            Turn.End();
        }
        finally
        {
            Turn.Home = null;
        }

        return (done, sent);
    }

    private sealed class Work(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }

    private sealed class HomedWork(Action<IThreadPoolWorkItem> home, Action action) : IHomedWork
    {
        public Action<IThreadPoolWorkItem> Home => home;

        public void Execute() => action();
    }
}
