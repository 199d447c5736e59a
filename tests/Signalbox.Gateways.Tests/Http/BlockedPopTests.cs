using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>An item goes to somebody who is there, by HTTP too.</summary>
public sealed class BlockedPopTests
{
    private const string Pop = "POST /queues/jobs/pop?wait=10m HTTP/1.1\nContent-Length: 0";
    private const string Batch =
        """[{"command":"qpush","key":"ready","value":1},{"command":"qpop","key":"jobs","block":true}]""";

    [Theory]
    [InlineData("")]
    [InlineData("&reserve=10m")]
    public async Task A_popper_that_was_killed_while_it_waited_swallows_nothing(string reserve)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        for (var round = 0; round < 50; round++)
        {
            using var doomed = await host.RawAsync();
            await doomed.SendAsync(Pop.Replace("10m", "10m" + reserve, StringComparison.Ordinal));
            // Answered behind it in time, on a connection of its own: mostly the pop is waiting by then.
            await client.GetAsync("/queues/jobs");

            doomed.Kill();
            await client.PostAsync("/queues/jobs", "work");

            var heir = await client.PostAsync("/queues/jobs/pop?wait=20s");
            Assert.Equal(("work", "0"), (heir.Field("value"), heir.Field("attempts")));
        }
    }

    [Fact]
    public async Task A_popper_that_was_killed_in_the_middle_of_a_batch_swallows_nothing()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        for (var round = 0; round < 50; round++)
        {
            using var doomed = await host.RawAsync();
            await doomed.SendAsync($"POST /api HTTP/1.1\nContent-Length: {Batch.Length}", Batch);
            await client.PostAsync("/queues/ready/pop?wait=20s");

            doomed.Kill();
            await client.PostAsync("/queues/jobs", "work");

            Assert.Equal("work", (await client.PostAsync("/queues/jobs/pop?wait=20s")).Field("value"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?reserve=10m")]
    public async Task An_item_whose_answer_the_client_did_not_take_goes_back(string query)
    {
        // Far less than the item.
        await using var host = await HttpHost.StartAsync(plan => plan.SendBufferBytes = 16 * 1024);
        using var client = await host.ClientAsync();
        await client.PostAsync("/queues/jobs", new string('w', 1_000_000));
        using var doomed = await host.RawAsync(receiveBufferBytes: 4 * 1024);
        await doomed.SendAsync($"POST /queues/jobs/pop{query} HTTP/1.1\nContent-Length: 0");
        Assert.StartsWith("HTTP/1.1 200", await doomed.ReadAsync(12), StringComparison.Ordinal);

        doomed.Kill();

        // The server learns of it while it writes, and until then the item is on its way.
        var heir = await client.PostAsync("/queues/jobs/pop?wait=20s");
        Assert.Equal((1_000_000, "0"), (heir.Field("value").Length, heir.Field("attempts")));
    }

    [Fact]
    public async Task An_item_that_was_given_is_gone()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        using var worker = await host.RawAsync();
        await worker.SendAsync(Pop);
        await client.PostAsync("/queues/jobs", "work");
        Assert.StartsWith("HTTP/1.1 200", await worker.ReadAsync(12), StringComparison.Ordinal);

        worker.Kill();

        var counts = await client.GetAsync("/queues/jobs");
        Assert.Equal(("0", "0"), (counts.Field("ready"), counts.Field("leased")));
    }
}
