using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.BadInput;

public sealed class BadInputTests
{
    public static TheoryData<int, string> Rows()
    {
        var data = new TheoryData<int, string>();
        foreach (var (index, row) in All().Index()) data.Add(index, $"{row.What}: {row.Shown}");
        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Bad_input_is_answered_with_its_code_and_harms_nobody_else(int index, string what)
    {
        var row = All().ElementAt(index);
        await using var host = await DispatcherHost.StartAsync(BadInputTable.Plan);
        var bystander = await host.ConnectAsync("bystander");
        await bystander.AskAsync("""{"command":"subscribe","key":"alone","seq":1}""");
        var client = await host.ConnectAsync();
        await client.SendAsync(row.Before);
        await client.SyncAsync("what comes before");

        await client.SendRawAsync(row.Bytes);
        var error = await client.ReadAsync($"the answer to: {what}");

        Assert.Equal("error", error.Field("command"));
        Assert.Equal($"{row.Code}", error.Field("code"));
        Assert.NotEmpty(error.Field("message"));
        if (row.Closes) await client.ReadEndAsync("the end that follows the error");
        else Assert.Empty(await client.SyncAsync("the next command's answer"));
        Assert.Equal("0", (await bystander.AskAsync("""{"command":"unsubscribe","key":"alone","seq":2}""")).Field("code"));
    }

    [Fact]
    public async Task The_documentation_is_the_table()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Directory.Packages.props"))) root = root.Parent!; // It is above.

        var page = await File.ReadAllTextAsync(
            Path.Combine(root.FullName, "docs/bad-input.md"), TestContext.Current.CancellationToken);

        Assert.Equal(BadInputTable.ToMarkdown(), page);
    }

    private static IEnumerable<BadCase> All() => BadInputTable.Chapters.SelectMany(chapter => chapter.Rows);
}
