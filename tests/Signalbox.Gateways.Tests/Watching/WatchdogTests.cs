using Signalbox.Gateways.Watching;
using Signalbox.Gateways.Tests.Security;
using Microsoft.Extensions.Logging;

namespace Signalbox.Gateways.Tests.Watching;

public sealed class WatchdogTests
{
    private readonly List<Standing> _standing = [];
    private readonly WrittenLog _log = new();

    [Fact]
    public void What_stands_is_reported_once_with_its_stack_and_those_of_all_threads()
    {
        using var dog = Watchdog();
        dog.Look();
        Assert.Null(dog.Trouble);
        Assert.Empty(_log.Lines);

        _standing.Add(new Standing("7", "thread 'poll 1' at gate Shard", "   at Here"));
        dog.Look();
        dog.Look();

        Assert.Equal("Standing still: thread 'poll 1' at gate Shard.", dog.Trouble);
        Assert.Single(_log.Lines, line => line.Contains("poll 1", StringComparison.Ordinal) && line.Contains("   at Here", StringComparison.Ordinal));
        Assert.Single(_log.Lines, line => line.Contains("the stacks", StringComparison.Ordinal));
    }

    [Fact]
    public void What_stands_besides_is_reported_as_well_and_that_it_goes_on_when_all_does()
    {
        using var dog = Watchdog();
        _standing.Add(new Standing("poll 0", "loop 'poll 0'", null));
        dog.Look();
        _standing.Add(new Standing("9", "thread 'pump' at gate Audience", "   at There"));
        dog.Look();
        Assert.Contains(_log.Lines, line => line.Contains("gate Audience", StringComparison.Ordinal));

        _standing.RemoveAt(0);
        dog.Look();
        Assert.DoesNotContain(_log.Lines, line => line.Contains("goes on", StringComparison.Ordinal));
        _standing.Clear();
        dog.Look();

        Assert.Null(dog.Trouble);
        Assert.Single(_log.Lines, line => line.Contains("goes on", StringComparison.Ordinal));
    }

    private Watchdog Watchdog() =>
        new(() => _standing, new Stacks(), LoggerFactory.Create(logging => logging.AddProvider(_log)).CreateLogger<Watchdog>());

    private sealed class Stacks : IThreadStacks
    {
        public string Read() => "the stacks";
    }
}
