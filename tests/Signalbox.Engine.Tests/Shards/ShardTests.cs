using Signalbox.Core.Users;
using Signalbox.Engine.Embedded.Shards;

namespace Signalbox.Engine.Tests.Shards;

public sealed class ShardTests
{
    [Fact]
    public void A_machine_that_is_looked_after_late_does_not_take_out_its_namesake()
    {
        var forgotten = new Host<User>("ann", new User(UserLimits.Default));
        var successor = new Host<User>("ann", new User(UserLimits.Default));
        var users = new Dictionary<string, Host<User>> { ["ann"] = successor };

        Assert.False(Shard.Forget(users, forgotten));
        Assert.Same(successor, users["ann"]);

        Assert.True(Shard.Forget(users, successor));
        Assert.Empty(users);
    }
}
