using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Core.Tests.Users;

/// <summary>What one may ask of a user, in few words. It plays the engine: it has the clock and the log.</summary>
internal sealed class UserDriver(UserLimits limits)
{
    public UserDriver() : this(UserLimits.Default)
    {
    }

    public User User { get; } = new(limits);

    public List<UserFact> Log { get; } = [];

    public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public IEnumerable<string> Online => User.Connections.Select(connection => connection.Id);

    public UserConnection Connection(string id, string node = "north", DateTimeOffset? since = null) =>
        With(null, id, node, since);

    public UserConnection With(TokenStamp? token, string id, string node = "north", DateTimeOffset? since = null) =>
        new(id, node, "127.0.0.1:5000", "ws", Name: null, since ?? Now, token);

    public Refusal Open(string id, string node = "north", DateTimeOffset? since = null) =>
        Open(Connection(id, node, since));

    public Refusal Open(UserConnection connection)
    {
        var refusal = User.Open(connection, out var fact);
        Commit(fact);
        return refusal;
    }

    /// <returns>Whether there was something to do; so too below.</returns>
    public bool Close(string id) => Commit(User.Close(id));

    public bool Renew(string node, TimeSpan lease) => Commit(User.Renew(node, Now + lease));

    public bool Lose(string node) => Commit(User.Lose(node));

    public Refusal Revoke(string? tokenId, TimeSpan time)
    {
        var refusal = User.Revoke(tokenId, Now, time, out var fact);
        Commit(fact);
        return refusal;
    }

    public (Refusal Refusal, RateState State) Spend(RateLimit limit, int amount = 1)
    {
        var refusal = User.Spend(limit, amount, Now, out var fact, out var state);
        Commit(fact);
        return (refusal, state);
    }

    /// <summary>What a spending would be answered after some time in which nothing else happens.</summary>
    public Refusal SpendingAfter(TimeSpan time, RateLimit limit, int amount) =>
        User.Spend(limit, amount, Now + time, out _, out _);

    public RateState RateOf(RateLimit limit) => User.RateOf(limit, Now);

    /// <summary>Lets time pass, and the engine do what fell due.</summary>
    public void Pass(TimeSpan time)
    {
        PassUnnoticed(time);
        DoWhatIsDue();
    }

    /// <summary>Lets time pass while the engine is late.</summary>
    public void PassUnnoticed(TimeSpan time) => Now += time;

    public void DoWhatIsDue()
    {
        var end = Log.Count + 100;
        while (User.NextDue(Now) is { } due)
        {
            Assert.True(Log.Count < end, $"What is due never ends: {due}.");
            Commit(due);
        }
    }

    public User Replayed() => Rebuilt(Log);

    public User Restored() => Rebuilt(User.Snapshot());

    public static void AssertEqual(User expected, User actual)
    {
        Assert.Equal(expected.Connections, actual.Connections);
        Assert.Equal(expected.IsOnline, actual.IsOnline);
        Assert.Equal(expected.OnlineSince, actual.OnlineSince);
        Assert.Equal(expected.IsEmpty, actual.IsEmpty);
        Assert.Equal(expected.NextWakeUp, actual.NextWakeUp);
        Assert.Equal(expected.Snapshot(), actual.Snapshot());
    }

    private User Rebuilt(IEnumerable<UserFact> facts)
    {
        var user = new User(limits);
        foreach (var fact in facts) user.Apply(fact);
        return user;
    }

    private bool Commit(UserFact? fact)
    {
        if (fact is null) return false;

        Log.Add(fact);
        User.Apply(fact);
        return true;
    }
}
