using Signalbox.Core.Channels;
using Signalbox.Core.Storage;
using Signalbox.Engine;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tests.Security;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Storage;

/// <summary>A log that fails while requests wait for it.</summary>
public sealed class FailedLogTests
{
    [Fact]
    public async Task Streams_and_requests_that_wait_are_told_and_it_is_logged_in_a_line_each()
    {
        var log = new HeldLog();
        var logs = new WrittenLog();
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Log = log;
            plan.Logs = logs;
            plan.Rule("kept", new ChannelOptions { Durability = Durability.Always });
        });
        using var client = new HttpClient { BaseAddress = host.Address };
        var cancellation = TestContext.Current.CancellationToken;
        using var message = new StringContent("1");
        var publishing = client.PostAsync("/channels/kept", message, cancellation);
        await log.AppendedAsync(1);
        var reading = client.GetAsync("/sse?channel=kept", cancellation);

        log.Fail(new LogFailedException("The disk is gone.", null));

        Assert.Equal(503, (int)(await publishing).StatusCode);
        Assert.Equal(503, (int)(await reading).StatusCode);
        Assert.Contains(logs.Lines, line => line.Contains("ends with the storage: The disk is gone.", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }
}
