using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.SlowReaders;

/// <summary>Who does not read hurts nobody else. Alone, for the thousand connections and the memory that is measured.</summary>
[Collection("alone")]
public sealed class SlowReaderTests
{
    private const int Kibibyte = 1024;
    private const string Subscribe = """{"command":"subscribe","key":"news","seq":1}""";

    [Fact]
    public async Task One_of_a_thousand_stops_reading_and_the_others_get_everything()
    {
        await using var host = await DispatcherHost.StartAsync(plan =>
        {
            plan.Session.MaxOutboundBytes = 128 * Kibibyte;
            plan.Session.CloseTimeout = TimeSpan.FromMinutes(5);
            plan.SendBufferBytes = 16 * Kibibyte;
        });
        var publisher = await host.ConnectAsync("publisher");
        var readers = new List<DispatcherDriver>();
        for (var n = 0; n < 999; n++)
        {
            readers.Add(await host.ConnectAsync($"reader {n}"));
            await readers[n].AskAsync(Subscribe);
        }

        var stopped = await host.ConnectAsync("stopped", receiveBufferBytes: 4 * Kibibyte);
        await stopped.AskAsync(Subscribe);

        const int messages = 40;
        for (var n = 1; n <= messages; n++)
        {
            await publisher.AskAsync(Publish(n, 16 * Kibibyte));
            var got = await Task.WhenAll(readers.Select(reader => reader.ReadAsync($"message {n}")));
            Assert.All(got, frame => Assert.Contains($"\"offset\":{n},", frame, StringComparison.Ordinal));
        }

        var last = "";
        var count = 0;
        while (await stopped.TryReadAsync("what was on its way, and why it ended") is { } frame) (last, count) = (frame, count + 1);
        Assert.Equal("slow_reader", last.Field("reason"));
        Assert.InRange(count, 2, messages);
    }

    [Fact]
    public async Task A_reader_that_never_reads_again_is_cut_off_in_time()
    {
        await using var host = await DispatcherHost.StartAsync(plan =>
        {
            plan.Session.MaxOutboundBytes = 64 * Kibibyte;
            plan.Session.CloseTimeout = TimeSpan.FromMilliseconds(200);
            plan.SendBufferBytes = 16 * Kibibyte;
            plan.Rule("here", new ChannelOptions { JoinLeave = true });
        });
        var publisher = await host.ConnectAsync("publisher");
        await publisher.AskAsync("""{"command":"subscribe","key":"here","seq":1}""");
        await publisher.ReadAsync("that it joined itself");
        var stopped = await host.ConnectAsync("stopped", receiveBufferBytes: 4 * Kibibyte);
        await stopped.AskAsync("""{"command":"subscribe","key":["here","news"],"seq":1}""");
        await publisher.ReadAsync("that the other joined");

        for (var n = 1; n <= 40; n++)
        {
            await publisher.SendAsync(Publish(n, 64 * Kibibyte - 1000));
        }

        while ((await publisher.ReadAsync("that the other left")).Field("command") != "leave")
        {
            // Answers to its publishes.
        }
    }

    [Theory]
    [InlineData(SlowReaderPolicy.DropOldest)]
    [InlineData(SlowReaderPolicy.Latest)]
    public async Task A_reader_that_may_miss_messages_stays_and_is_told_which_and_memory_stays_bounded(SlowReaderPolicy policy)
    {
        await using var host = await DispatcherHost.StartAsync(plan =>
        {
            plan.Session.MaxOutboundBytes = 256 * Kibibyte;
            plan.SendBufferBytes = 16 * Kibibyte;
            plan.Rule("news", new ChannelOptions { SlowReader = policy, HistorySize = 0 });
        });
        var publisher = await host.ConnectAsync("publisher");
        var sleeper = await host.ConnectAsync("sleeper", receiveBufferBytes: 4 * Kibibyte);
        await sleeper.AskAsync(Subscribe);
        await publisher.AskAsync(Publish(1, 32 * Kibibyte));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        const int messages = 2000;
        for (var n = 2; n <= messages; n++) await publisher.AskAsync(Publish(n, 32 * Kibibyte));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 * 1024 * Kibibyte);

        // Every offset is either given or named as missed, once, and the last is given.
        var seen = new SortedSet<int>();
        for (var last = 0; last < messages;)
        {
            var frame = await sleeper.ReadAsync("a message or news of a gap");
            if (frame.Field("command") == "missed")
            {
                for (var n = int.Parse(frame.Field("from")); n <= int.Parse(frame.Field("to")); n++) Assert.True(seen.Add(n));
                continue;
            }

            last = int.Parse(frame.Field("offset"));
            Assert.True(seen.Add(last));
        }

        Assert.Equal(Enumerable.Range(1, messages), seen);
    }

    private static string Publish(int n, int bytes) =>
        $"{{\"command\":\"publish\",\"key\":\"news\",\"value\":\"{new string('m', bytes)}\",\"seq\":{n}}}";
}
