using System.Text.Json;
using Signalbox.Client.Tests.EndToEnd;
using Signalbox.Web.Outside.Tests.Outside;

namespace Signalbox.Web.Outside.Tests;

/// <summary>The packages that most programs on Node use are cut off again and again, and miss nothing.</summary>
public sealed class NodeClientTests(OutsideServer server)
{
    private const int Cuts = 10;
    private const int Part = 50;

    [Fact]
    public async Task With_ws_a_client_comes_back_by_offset_and_epoch_and_has_every_message_once_and_in_order()
    {
        await using var cable = new Cable(server.Port);
        await using var client = ScriptedClient.Start("websocket.mjs", "ws", $"ws://{cable.Endpoint}/ws", "ws");

        await PublishAndCutAsync(client, cable, "ws");
        while (IsNotLast(await client.ReadUntilAsync("published")))
        {
            // Those before are confirmed in their order.
        }

        await server.PublishAsync("ws", "end");
        await client.ReadMessageAsync("ws", "end");

        var words = Enumerable.Range(1, Cuts + 1).Select(n => $"word {n}");
        var all = client.Messages.Select(message => message.Value).ToList();
        Assert.Equal(Numbers(0, 2 * Part * Cuts), all.Where(value => char.IsAsciiDigit(value[0])));
        Assert.Equal(words, all.Where(value => value.StartsWith('w')));
        Assert.Equal(Enumerable.Range(1, all.Count), client.Messages.Select(message => (int)message.Offset));
    }

    [Theory]
    [InlineData("one")]
    [InlineData("first", "second")]
    public async Task With_eventsource_a_client_comes_back_by_its_last_id_and_has_every_message_once_and_in_order(
        params string[] channels)
    {
        await using var cable = new Cable(server.Port);
        var query = string.Join('&', channels.Select(channel => $"channel={channel}"));
        await using var client = ScriptedClient.Start(
            "eventsource.mjs", "eventsource", $"http://{cable.Endpoint}/sse?{query}");

        await PublishAndCutAsync(client, cable, channels);
        foreach (var channel in channels)
        {
            await server.PublishAsync(channel, "end");
            await client.ReadMessageAsync(channel, "end");
        }

        foreach (var channel in channels)
        {
            var messages = client.Messages.Where(message => message.Channel == channel).ToList();
            Assert.Equal(Numbers(0, 2 * Part * Cuts).Append("end"), messages.Select(message => message.Value));
            Assert.Equal(Enumerable.Range(1, messages.Count), messages.Select(message => (int)message.Offset));
        }
    }

    // What comes right before a cut is under way then, and what comes right behind it nobody hears.
    private async Task PublishAndCutAsync(ScriptedClient client, Cable cable, params string[] channels)
    {
        Assert.True(await client.ReadOpenAsync());
        for (var cut = 0; cut < Cuts; cut++)
        {
            foreach (var channel in channels) await server.PublishAsync(channel, Numbers(2 * Part * cut, Part));
            cable.Cut();
            foreach (var channel in channels)
            {
                await server.PublishAsync(channel, Numbers((2 * Part * cut) + Part, Part));
            }

            Assert.True(await client.ReadOpenAsync());
        }
    }

    private static bool IsNotLast(JsonElement published) =>
        published.GetProperty("value").GetString() != $"word {Cuts + 1}";

    private static IEnumerable<string> Numbers(int first, int count) =>
        Enumerable.Range(first, count).Select(n => $"{n}");
}
