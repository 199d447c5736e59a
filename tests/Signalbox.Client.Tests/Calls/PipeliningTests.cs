using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.Calls;

public sealed class PipeliningTests
{
    [Fact]
    public async Task Replies_find_their_commands_in_any_order()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var first = driver.Client.GetAsync("a");
        var second = driver.Client.GetAsync("b");
        var a = await peer.ExpectAsync("get");
        var b = await peer.ExpectAsync("get");

        await peer.ReplyAsync(b, "\"value\":\"of b\",\"version\":2");
        await peer.ReplyAsync(a, "\"value\":\"of a\",\"version\":1");

        Assert.Equal("of a", (await first.Soon())!.Text);
        Assert.Equal("of b", (await second.Soon())!.Text);
    }

    [Fact]
    public async Task A_blocked_pop_holds_up_nothing()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q", new PopOptions { Wait = null, Lease = ClientDriver.Second });
        var pop = await peer.ExpectAsync("qpop");

        var counting = driver.Client.CountKeysAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":7");
        Assert.Equal(7, await counting.Soon());

        await peer.ReplyAsync(pop, "\"value\":1,\"item\":5,\"priority\":0,\"attempts\":1,\"time\":0,\"receipt\":\"5-1\",\"until\":0");
        Assert.Equal(5, (await popping.Soon())!.Id);
    }

    [Fact]
    public async Task Commands_are_sent_in_the_order_in_which_they_are_issued()
    {
        const int count = 1000;
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();

        var publishing = Enumerable.Range(0, count).Select(i => driver.Client.PublishAsync("c", $"{i}")).ToArray();

        for (var i = 0; i < count; i++)
        {
            var publish = await peer.ExpectAsync("publish");
            Assert.Equal($"\"{i}\"", publish["value"]);
            await peer.ReplyAsync(publish, $"\"published\":1,\"offset\":{i}");
        }

        var results = await Task.WhenAll(publishing).Soon();
        Assert.Equal(Enumerable.Range(0, count), results.Select(result => (int)result.Offset!));
    }

    [Fact]
    public async Task More_than_the_network_takes_waits_and_arrives_whole()
    {
        const int count = 64;
        var large = new string('x', 100_000);
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();

        var setting = Enumerable.Range(0, count).Select(_ => driver.Client.SetAsync("k", large)).ToArray();

        for (var i = 0; i < count; i++)
        {
            var set = await peer.ExpectAsync("set");
            Assert.Equal(large.Length + 2, set["value"].Length);
            await peer.ReplyAsync(set, $"\"version\":{i}");
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => (long?)i), await Task.WhenAll(setting).Soon());
    }

    [Fact]
    public async Task A_reply_may_arrive_one_byte_at_a_time()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var counting = driver.Client.CountKeysAsync();
        var count = await peer.ExpectAsync("count");

        var body = System.Text.Encoding.UTF8.GetBytes($"{{\"command\":\"count\",\"code\":0,\"seq\":{count.Seq},\"value\":3}}");
        byte[] frame = [0, 0, 0, (byte)(body.Length + 4), .. body];
        foreach (var one in frame) await peer.SendRawAsync([one]);

        Assert.Equal(3, await counting.Soon());
    }
}
