using Signalbox.Core.Users;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Shards;

namespace Signalbox.Engine.Tests.Shards;

public sealed class HostTableTests
{
    [Fact]
    public void A_machine_that_is_looked_after_late_does_not_take_out_its_namesake()
    {
        var forgotten = new Host<User>("ann", new User(UserLimits.Default));
        var successor = new Host<User>("ann", new User(UserLimits.Default));
        var users = new HostTable<Host<User>>(MachineKind.User, new MemoryLog(), new Population(1));
        users.TryAdd(successor);

        Assert.False(users.Forget(forgotten));
        Assert.Same(successor, users.Find("ann"));

        Assert.True(users.Forget(successor));
        Assert.Equal(0, users.Count);
    }
}
