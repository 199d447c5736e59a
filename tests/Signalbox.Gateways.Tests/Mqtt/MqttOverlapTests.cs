using System.Globalization;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>
/// A session that is kept while its client is away, a subscriber whose filter overlaps, and several publishers: each was
/// fine alone, and together they once stopped the server for ever.
/// </summary>
public sealed class MqttOverlapTests
{
    private const int Publishers = 4;
    private const int Channels = 64;
    private const int Rounds = 25;

    [Fact]
    public async Task Publishers_a_session_that_is_away_and_an_overlapping_filter_do_not_wait_for_each_other()
    {
        await using var port = await MqttPort.StartAsync();
        var away = await port.ConnectAsync("away", expiry: 3600);
        await away.SubscribeAsync("d/+", qos: 1);
        await away.DisconnectAsync();
        await away.ReadEndAsync("the end");
        var reader = await port.TalkJsonAsync("reader");
        await reader.AskAsync("""{"command":"subscribe","key":"d/#","seq":1}""");

        var reading = ReadAsync(reader);
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(number => PublishAsync(port, number)));

        Assert.Equal(Publishers * Channels * Rounds, await reading);
        var back = await port.OpenAsync("away");
        Assert.True((await back.ConnectAsync("away", isClean: false, expiry: 3600)).SessionPresent);
        Assert.Equal("d/", (await back.ReadAsync("what came while it was away")).Text[..2]);
    }

    private static async Task PublishAsync(MqttPort port, int number)
    {
        var publisher = await port.TalkJsonAsync($"publisher {number}");
        for (var round = 0; round < Rounds; round++)
        {
            await publisher.SendAsync([.. Enumerable.Range(0, Channels).Select(channel => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"command":"publish","key":"d/{{channel}}","value":"{{round}}","seq":{{channel}}}"""))]);
            for (var channel = 0; channel < Channels; channel++) await publisher.ReadAsync($"the receipts of round {round}");
        }
    }

    private static async Task<int> ReadAsync(DispatcherDriver reader)
    {
        var count = 0;
        while (count < Publishers * Channels * Rounds)
        {
            await reader.ReadAsync($"message {count}");
            count++;
        }

        return count;
    }
}
