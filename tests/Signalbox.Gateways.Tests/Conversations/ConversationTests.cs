using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Conversations;

/// <summary>The wire, byte for byte: every file beside this one is a conversation that must go just so.</summary>
public sealed class ConversationTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Conversations");

    /// <summary>What the conversations need of a server, on whatever wire they are held.</summary>
    internal static void Plan(HostPlan plan, ManualClock clock)
    {
        plan.Clock = clock;
        plan.Rule("limited/#", new ChannelOptions { RateLimit = 2, RateWindow = TimeSpan.FromSeconds(10) });
        plan.Rule("room/#", new ChannelOptions { JoinLeave = true });
        plan.Rule("state/#", new ChannelOptions { Retain = true });
        plan.Rule("plain/#", new ChannelOptions { HistorySize = 0 });
        plan.Rule("json/#", new ChannelOptions { RequireJson = true, RefuseBlank = true, MaxPayloadBytes = 32 });
        plan.Rule("short/#", new ChannelOptions { HistorySize = 2 });
    }

    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_conversation_goes_just_as_its_file_says(string file)
    {
        var clock = new ManualClock();
        await using var host = await DispatcherHost.StartAsync(plan => Plan(plan, clock));
        var expected = await File.ReadAllTextAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken);

        var said = await new Conversation(async name => await host.ConnectAsync(name), clock).PlayAsync(expected.TrimEnd('\n').Split('\n'));

        Assert.Equal(expected, said);
    }
}
