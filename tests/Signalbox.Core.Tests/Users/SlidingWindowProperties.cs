using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Core.Tests.Users;

/// <summary>The model is a list of what was spent when, and every answer is found in it by trying.</summary>
public sealed class SlidingWindowProperties
{
    private const int WindowTicks = 9;

    private static readonly RateLimit Limit = new("chat", 5, TimeSpan.FromTicks(WindowTicks));

    [Fact]
    public void Remaining_and_the_time_to_wait_are_exact_and_no_window_ever_holds_more_than_the_amount() =>
        Prop.ForAll<byte[]>(RunWithOneWindow).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(200));

    [Fact]
    public void Windows_and_amounts_that_change_are_held_against_what_is_remembered() =>
        Prop.ForAll<byte[]>(RunWithChangingLimits).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(200));

    // Each byte: what to do, and how long or how much.
    private static void RunWithOneWindow(byte[] script)
    {
        var user = new UserDriver();
        var spent = new Spendings();
        var start = user.Now;

        foreach (var (action, argument) in script.Select(step => (step % 4, step / 4)))
        {
            switch (action)
            {
                case 0:
                    user.PassUnnoticed(TimeSpan.FromTicks(argument % (WindowTicks + 2)));
                    break;

                case 1:
                    user.DoWhatIsDue();
                    break;

                default:
                    Spend(user, spent, Limit, 1 + (argument % Limit.Amount));
                    break;
            }

            AssertExact(user, spent, Limit);
            UserDriver.AssertEqual(user.User, user.Replayed());
            UserDriver.AssertEqual(user.User, user.Restored());
        }

        for (var end = start; end <= user.Now + Limit.Window; end += TimeSpan.FromTicks(1))
        {
            Assert.InRange(spent.Within(Limit.Window, end), 0, Limit.Amount);
        }
    }

    private static void RunWithChangingLimits(byte[] script)
    {
        var user = new UserDriver();
        var spent = new Spendings();
        var limit = Limit;

        foreach (var (action, argument) in script.Select(step => (step % 4, step / 4)))
        {
            switch (action)
            {
                case 0:
                    user.PassUnnoticed(TimeSpan.FromTicks(argument % (WindowTicks + 2)));
                    break;

                case 1:
                    limit = new RateLimit("chat", 1 + (argument % 7), TimeSpan.FromTicks(1 + (argument / 7)));
                    break;

                case 2:
                    user.DoWhatIsDue();
                    spent.ForgetIfIdle(user.Now);
                    break;

                default:
                    var amount = 1 + (argument % limit.Amount);
                    if (Spend(user, spent, limit, amount)) spent.ForgetOlderThan(limit.Window, user.Now);
                    break;
            }

            AssertExact(user, spent, limit);
            Assert.Equal(spent.IsEmpty, user.User.IsEmpty);
            UserDriver.AssertEqual(user.User, user.Replayed());
            UserDriver.AssertEqual(user.User, user.Restored());
        }
    }

    private static bool Spend(UserDriver user, Spendings spent, RateLimit limit, int amount)
    {
        var isFree = spent.Within(limit.Window, user.Now) + amount <= limit.Amount;
        if (isFree) spent.Add(amount, user.Now, limit.Window);

        var (refusal, state) = user.Spend(limit, amount);

        Assert.Equal(isFree ? Refusal.None : Refusal.RateLimited, refusal);
        Assert.Equal(spent.StateOf(limit, amount, user.Now), state);
        return isFree;
    }

    private static void AssertExact(UserDriver user, Spendings spent, RateLimit limit)
    {
        Assert.Equal(spent.StateOf(limit, 1, user.Now), user.RateOf(limit));

        for (var amount = 1; amount <= limit.Amount; amount++)
        {
            user.User.Spend(limit, amount, user.Now, out var fact, out var state);
            if (fact is not null) continue;

            Assert.Equal(Refusal.None, user.SpendingAfter(state.RetryAfter, limit, amount));
            Assert.Equal(
                Refusal.RateLimited, user.SpendingAfter(state.RetryAfter - TimeSpan.FromTicks(1), limit, amount));
        }
    }

    private sealed class Spendings
    {
        private readonly List<(DateTimeOffset At, int Amount, TimeSpan Window)> _all = [];

        public bool IsEmpty => _all.Count == 0;

        public void Add(int amount, DateTimeOffset at, TimeSpan window) => _all.Add((at, amount, window));

        public int Within(TimeSpan window, DateTimeOffset end) =>
            _all.Where(spent => end - window < spent.At && spent.At <= end).Sum(spent => spent.Amount);

        public RateState StateOf(RateLimit limit, int wanted, DateTimeOffset now)
        {
            var wait = Enumerable.Range(0, (int)limit.Window.Ticks + 1)
                .Select(ticks => TimeSpan.FromTicks(ticks))
                .First(time => Within(limit.Window, now + time) + wanted <= limit.Amount);
            return new RateState(Math.Max(0, limit.Amount - Within(limit.Window, now)), wait);
        }

        public void ForgetOlderThan(TimeSpan window, DateTimeOffset now) =>
            _all.RemoveAll(spent => spent.At <= now - window);

        public void ForgetIfIdle(DateTimeOffset now)
        {
            if (_all.Count > 0 && _all[^1].At + _all[^1].Window <= now) _all.Clear();
        }
    }
}
