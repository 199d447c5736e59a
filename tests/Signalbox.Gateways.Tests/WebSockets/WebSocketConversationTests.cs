using Signalbox.Gateways.Tests.Conversations;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.WebSockets;

/// <summary>The conversations of the dispatcher's port go just so by WebSocket, save what the wire itself says.</summary>
public sealed class WebSocketConversationTests
{
    // Where seq is missing the wires differ.
    private const string OfTheDispatcherOnly = "seq.txt";

    private static readonly string Shared = Path.Combine(AppContext.BaseDirectory, "Conversations");
    private static readonly string Own = Path.Combine(AppContext.BaseDirectory, "WebSockets", "Conversations");

    public static TheoryData<string> Files() =>
    [
        .. Directory.GetFiles(Shared, "*.txt").Concat(Directory.GetFiles(Own, "*.txt"))
            .Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file))
            .Where(file => Path.GetFileName(file) != OfTheDispatcherOnly)
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_conversation_goes_just_as_its_file_says(string file)
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan => ConversationTests.Plan(plan, clock));
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, file), TestContext.Current.CancellationToken);
        var expected = text.Replace("\"broadcats\"", "\"broadcast\"", StringComparison.Ordinal);

        var said = await new Conversation(async name => await host.ConnectAsync(name), clock).PlayAsync(expected.TrimEnd('\n').Split('\n'));

        Assert.Equal(expected, said);
    }
}
