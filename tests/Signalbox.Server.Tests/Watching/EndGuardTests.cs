using Signalbox.Serving.Ending;

namespace Signalbox.Server.Tests.Watching;

public sealed class EndGuardTests
{
    [Fact]
    public async Task A_stop_that_hangs_ends_the_process_with_a_code_of_its_own()
    {
        using var stopping = new ManualResetEvent(initialState: false);
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var guard = new EndGuard(stopping, TimeSpan.FromMilliseconds(1), ended.SetResult);

        stopping.Set();

        Assert.Equal(EndGuard.ExitCode, await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_stop_that_comes_to_its_end_is_left_alone()
    {
        using var stopping = new ManualResetEvent(initialState: false);
        var hasEnded = false;
        using (new EndGuard(stopping, TimeSpan.FromMinutes(1), _ => hasEnded = true)) stopping.Set();

        Assert.False(hasEnded);
    }

    [Fact]
    public void A_process_that_does_not_stop_is_left_alone()
    {
        using var stopping = new ManualResetEvent(initialState: false);
        var hasEnded = false;
        using (new EndGuard(stopping, TimeSpan.Zero, _ => hasEnded = true))
        {
            // It waits for a stop.
        }

        Assert.False(hasEnded);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(10, 10, 9)]
    public void The_log_gets_a_tenth_of_the_grace_period_and_a_second_at_least(double grace, double longest, double connections)
    {
        var options = new ServerOptions { GracePeriod = TimeSpan.FromSeconds(grace) };

        Assert.Equal(TimeSpan.FromSeconds(longest), EndGuard.Longest(options));
        Assert.Equal(TimeSpan.FromSeconds(connections), EndGuard.ForConnections(options));
    }
}
