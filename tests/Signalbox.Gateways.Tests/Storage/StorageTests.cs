using Signalbox.Core.Channels;
using Signalbox.Core.Storage;
using Signalbox.Engine;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Storage;

/// <summary>A storage that takes no more, or has failed: who asks is told so, and stays connected.</summary>
public sealed class StorageTests
{
    private const string Leased = """{"command":"qpop","key":"q","reserve":60000,"seq":1}""";

    private static readonly string[] Fillings =
    [
        """{"command":"set","key":"k","value":1,"seq":1}""",
        """{"command":"qpush","key":"q","value":1,"seq":1}""",
        """{"command":"qpush","key":"q","value":2,"seq":1}""",
        """{"command":"publish","key":"durable/news","value":1,"seq":1}""",
        """{"command":"publish","key":"hourly","value":1,"seq":1}""",
    ];

    public static TheoryData<string> Changes =>
    [
        """{"command":"set","key":"k","value":2,"seq":9}""",
        """{"command":"incr","key":"k","seq":9}""",
        """{"command":"delete","key":"k","seq":9}""",
        """{"command":"deleteall","seq":9}""",
        """{"command":"qpush","key":"q","value":3,"seq":9}""",
        """{"command":"qpop","key":"q","seq":9}""",
        """{"command":"qpop","key":"q","reserve":1000,"seq":9}""",
        """{"command":"qpop","key":"q","block":true,"seq":9}""",
        """{"command":"qextend","key":"q","receipt":"RECEIPT","reserve":1000,"seq":9}""",
        """{"command":"qdelete","key":"q","seq":9}""",
        """{"command":"qdeleteall","seq":9}""",
        """{"command":"publish","key":"durable/news","value":1,"seq":9}""",
        """{"command":"publish","key":["live","durable/news"],"value":1,"seq":9}""",
        """{"command":"publish","key":"live","value":1,"retain":true,"seq":9}""",
        """{"command":"publish","key":"hourly","value":1,"seq":9}""",
        """{"command":"publish","key":["hourly","live"],"value":1,"seq":9}""",
    ];

    public static TheoryData<string> Others =>
    [
        """{"command":"get","key":"k","seq":9}""",
        """{"command":"count","seq":9}""",
        """{"command":"keys","seq":9}""",
        """{"command":"qcount","key":"q","seq":9}""",
        """{"command":"qpeek","key":"q","seq":9}""",
        """{"command":"queues","seq":9}""",
        """{"command":"qpop","key":"empty","seq":9}""",
        """{"command":"qack","key":"q","receipt":"RECEIPT","seq":9}""",
        """{"command":"qnack","key":"q","receipt":"RECEIPT","seq":9}""",
        """{"command":"subscribe","key":"durable/news","seq":9}""",
        """{"command":"subscribe","key":"durable/other","seq":9}""",
        """{"command":"publish","key":"live","value":1,"seq":9}""",
        """{"command":"broadcast","value":1,"seq":9}""",
        """{"command":"history","key":"durable/news","seq":9}""",
        """{"command":"presence","key":"durable/news","seq":9}""",
        """{"command":"quota","key":"hourly","seq":9}""",
        """{"command":"channels","seq":9}""",
        """{"command":"ping","seq":9}""",
    ];

    public static TheoryData<string> Waiting =>
    [
        .. Changes,
        """{"command":"get","key":"k","seq":9}""",
        """{"command":"count","seq":9}""",
        """{"command":"qpeek","key":"q","seq":9}""",
        """{"command":"qack","key":"q","receipt":"RECEIPT","seq":9}""",
        """{"command":"subscribe","key":"durable/news","seq":9}""",
        """{"command":"history","key":"durable/news","seq":9}""",
        """{"command":"quota","key":"hourly","seq":9}""",
    ];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_is_unavailable_while_the_storage_takes_no_more(string command)
    {
        var log = new HeldLog();
        await using var host = await StartAsync(log);
        var client = await host.ConnectAsync();
        command = await FillAsync(client, log, command);
        var written = log.Entries.Count;
        log.HasRoom = false;

        var answer = await client.AskAsync(command);

        Assert.Equal(("503", "9"), (answer.Field("code"), answer.Field("seq")));
        Assert.Equal("", answer.Field("remaining"));
        Assert.Equal(written, log.Entries.Count);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task All_else_goes_on_while_the_storage_takes_no_more(string command)
    {
        var log = new HeldLog();
        await using var host = await StartAsync(log);
        var client = await host.ConnectAsync();
        command = await FillAsync(client, log, command);
        log.HasRoom = false;

        Assert.Equal("0", (await client.AskAsync(command)).Field("code"));
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task Who_waits_for_a_storage_that_fails_is_told_that_nobody_knows(string command)
    {
        var log = new HeldLog();
        await using var host = await StartAsync(log);
        var client = await host.ConnectAsync();
        command = await FillAsync(client, log, command);
        log.Hold();
        var written = log.Entries.Count;
        // What the command would reveal is written and not on disk yet. The last of these is waited for before more is read.
        await client.SendAsync([.. Fillings, command, """{"command":"ping","seq":10}"""]);
        await log.AppendedAsync(written + Fillings.Length);

        log.Fail(new LogFailedException("The disk is gone.", null));

        var answers = new List<string>();
        while (answers.LastOrDefault()?.Field("seq") != "10") answers.Add(await client.ReadAsync("an answer"));
        var answer = answers.Single(answer => answer.Field("seq") == "9");
        Assert.Equal("503", answer.Field("code"));
        Assert.Contains("not known", answer, StringComparison.Ordinal);
        Assert.Equal("0", answers[^1].Field("code"));
    }

    private static Task<DispatcherHost> StartAsync(HeldLog log)
    {
        log.Release();
        return DispatcherHost.StartAsync(plan =>
        {
            plan.Log = log;
            plan.Rule("durable/#", ChannelOptions.Default with { Durability = Durability.Always });
            plan.Rule("hourly", ChannelOptions.Default with { RateLimit = 100, RateWindow = TimeSpan.FromHours(1) });
        });
    }

    /// <returns>The command, with the receipt of an item that was taken.</returns>
    private static async Task<string> FillAsync(DispatcherDriver client, HeldLog log, string command)
    {
        foreach (var filling in Fillings) Assert.Equal("0", (await client.AskAsync(filling)).Field("code"));
        var taken = await client.AskAsync(Leased);
        Assert.NotEmpty(log.Entries);
        return command.Replace("RECEIPT", taken.Field("receipt"), StringComparison.Ordinal);
    }
}
