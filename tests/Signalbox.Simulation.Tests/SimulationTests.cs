namespace Signalbox.Simulation.Tests;

/// <summary>Twenty seeds, the same each time. The simulation is a program of its own, which runs more.</summary>
public sealed class SimulationTests
{
    private const int Steps = 1200;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_to_the_process_and_the_disk_no_promise_is_broken(int seed) =>
        Run(new Simulation(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_the_log_says_it_kept_it_kept(int seed) => Run(new LogSimulation(seed));

    [Fact]
    public void One_seed_is_one_run()
    {
        var first = new Simulation(21);
        var second = new Simulation(21);

        first.Run(Steps);
        second.Run(Steps);

        Assert.Equal(first.Digest, second.Digest);
    }

    private static void Run(ISimulation simulation)
    {
        try
        {
            simulation.Run(Steps);
        }
        catch (Exception)
        {
            foreach (var line in simulation.JournalTail) TestContext.Current.TestOutputHelper?.WriteLine(line);
            throw;
        }
    }
}
