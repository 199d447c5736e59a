using System.Text.Json;
using Signalbox.Client.Tests.EndToEnd;
using Signalbox.Web.Outside.Tests.Outside;

namespace Signalbox.Web.Outside.Tests;

/// <summary>A page in a real browser, with nothing but what browsers have.</summary>
public sealed class BrowserTests(OutsideServer server)
{
    private const int Cuts = 5;
    private const int Part = 20;

    private static readonly string[] Lists = ["websocket", "eventsource"];

    [Fact]
    public async Task A_page_that_loses_its_connections_comes_back_and_shows_every_message_once_and_in_order()
    {
        await using var cable = new Cable(server.Port);
        await using var page = Open(server.Page, cable.Endpoint);
        await ReadOfBothAsync(page, "open");

        for (var cut = 0; cut < Cuts; cut++)
        {
            await server.PublishAsync("page", Numbers(2 * Part * cut, Part));
            cable.Cut();
            await server.PublishAsync("page", Numbers((2 * Part * cut) + Part, Part));
            var opened = await ReadOfBothAsync(page, "open");
            Assert.All(opened, told => Assert.True(told.GetProperty("recovered").GetBoolean()));
        }

        await server.PublishAsync("page", "end");
        await ReadOfBothAsync(page, "end");

        var expected = Numbers(0, 2 * Part * Cuts).Append("end").Select((value, n) => $"{n + 1} {value}").ToList();
        foreach (var shown in await ReadShownAsync(page)) Assert.Equal(expected, shown);
    }

    [Fact]
    public async Task A_page_of_an_origin_that_is_not_allowed_is_refused()
    {
        await using var page = Open(server.StrangePage, server.Authority);

        await ReadOfBothAsync(page, "refused");

        foreach (var shown in await ReadShownAsync(page)) Assert.Empty(shown);
    }

    private static ScriptedClient Open(string page, string server) => ScriptedClient.Start(
        "browser.mjs",
        "playwright-core",
        Parts.Program("chromium", "chromium-browser"),
        $"{page}?server={server}&channel=page");

    // Which of the two is the first is nobody's to say.
    private static async Task<IReadOnlyList<JsonElement>> ReadOfBothAsync(ScriptedClient page, string happening)
    {
        JsonElement[] told = [await page.ReadUntilAsync(happening), await page.ReadUntilAsync(happening)];
        Assert.Equal(Lists.Order(), told.Select(each => each.GetProperty("list").GetString()).Order());
        return told;
    }

    /// <summary>What a person sees in either list; with a picture of it where the variable says where to.</summary>
    private static async Task<IEnumerable<IEnumerable<string?>>> ReadShownAsync(ScriptedClient page)
    {
        await page.WriteLineAsync(Environment.GetEnvironmentVariable("SIGNALBOX_TEST_PICTURE") ?? "");
        var shown = await page.ReadUntilAsync("shown");
        return Lists.Select(list => shown.GetProperty(list).EnumerateArray().Select(item => item.GetString()));
    }

    private static IEnumerable<string> Numbers(int first, int count) =>
        Enumerable.Range(first, count).Select(n => $"{n}");
}
