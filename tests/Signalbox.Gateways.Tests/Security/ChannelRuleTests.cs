using Signalbox.Core.Channels;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>Whom the rules of channels let publish and subscribe: the same on every protocol, and beside all rights.</summary>
public sealed class ChannelRuleTests(ChannelRuleTests.Server server) : IClassFixture<ChannelRuleTests.Server>
{
    private const string AllChannels = """{"publish":["#"],"subscribe":["#"],"presence":["#"]}""";

    // Who comes, and what they are to a rule. All of them have all rights on all channels.
    private static readonly (string Name, string? Token, Who Who)[] Visitors =
    [
        ("nobody known", null, Who.Anyone),
        ("a token without a user", TokenMaker.Token(Now, null, AllChannels), Who.Anyone),
        ("a user", TokenMaker.Token(Now, "anna", AllChannels), Who.Users),
        ("an API key", TokenMaker.ApiKey, Who.Keys),
        ("an admin", TokenMaker.Token(Now, null, """{"admin":true}"""), Who.Keys),
    ];

    // What is asked for, and from whom on it is allowed. The rules are in Server; that of the channels there is the first.
    private static readonly (string Body, Who From)[] Rows =
    [
        ("""{"command":"publish","key":"open/1","value":1}""", Who.Anyone),
        ("""{"command":"publish","key":"users/1","value":1}""", Who.Users),
        ("""{"command":"publish","key":"keys/1","value":1}""", Who.Keys),
        ("""{"command":"publish","key":"news/1","value":1}""", Who.Keys),
        ("""{"command":"publish","key":"nobody/1","value":1}""", Who.Nobody),
        ("""{"command":"publish","key":["open/1","users/1"],"value":1}""", Who.Users),
        ("""{"command":"quota","key":"keys/1"}""", Who.Keys),
        ("""{"command":"subscribe","key":"open/1"}""", Who.Anyone),
        ("""{"command":"subscribe","key":"users/1"}""", Who.Users),
        ("""{"command":"subscribe","key":"keys/1"}""", Who.Keys),
        ("""{"command":"subscribe","key":"news/1"}""", Who.Anyone),
        ("""{"command":"subscribe","key":"nobody/1"}""", Who.Nobody),
        ("""{"command":"subscribe","key":["open/1","keys/1"]}""", Who.Keys),
        ("""{"command":"subscribe","key":"open/#"}""", Who.Anyone),
        ("""{"command":"subscribe","key":"users/#"}""", Who.Users),
        ("""{"command":"subscribe","key":"keys/+"}""", Who.Keys),
        ("""{"command":"subscribe","key":"keys/open/+"}""", Who.Anyone),
        ("""{"command":"subscribe","key":"+/1"}""", Who.Nobody),
        ("""{"command":"subscribe","key":"#"}""", Who.Nobody),
        ("""{"command":"subscribe","key":"elsewhere/#"}""", Who.Anyone),
        ("""{"command":"history","key":"open/1"}""", Who.Anyone),
        ("""{"command":"history","key":"users/1"}""", Who.Users),
        ("""{"command":"history","key":"keys/1"}""", Who.Keys),
        ("""{"command":"history","key":"nobody/1"}""", Who.Nobody),
        ("""{"command":"presence","key":"users/1"}""", Who.Users),
        ("""{"command":"presence","key":"nobody/1"}""", Who.Nobody),
    ];

    public static TheoryData<string, string, int> Cases =>
    [
        .. from protocol in Server.Protocols
           from row in Rows.Select((row, index) => (row.Body, Index: index))
           select new TheoryDataRow<string, string, int>(protocol, row.Body, row.Index),
    ];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_rule_lets_in_whom_it_names_whatever_their_rights(string protocol, string body, int index)
    {
        var port = server.Ports[protocol];
        if (!port.Speaks(body)) return;

        var codes = await Task.WhenAll(Visitors.Select(visitor => port.AskAsync(visitor.Token, body)));

        var from = Rows[index].From;
        Assert.All(
            Visitors.Zip(codes),
            one => Assert.True((one.First.Who >= from ? "0" : "403") == one.Second, $"{one.First.Name}: {one.Second}."));
    }

    [Fact]
    public async Task A_refusal_names_the_rule_and_whom_it_lets_in()
    {
        await using var host = await DispatcherHost.StartAsync(Server.Restrict);
        var client = await host.ConnectAsync();

        var publish = await client.AskAsync("""{"command":"publish","key":"keys/1","value":1,"seq":1}""");
        var subscribe = await client.AskAsync("""{"command":"subscribe","key":"+/1","seq":2}""");

        Assert.Equal("The server's rule for 'keys/#' lets only API keys publish, and 'keys/1' reaches into it.", publish.Field("message"));
        Assert.Equal("The server's rule for 'users/#' lets only users and API keys subscribe, and '+/1' reaches into it.", subscribe.Field("message"));
    }

    [Fact]
    public async Task Rules_hold_on_a_server_without_keys_too()
    {
        await using var host = await DispatcherHost.StartAsync(plan => plan.Rule("nobody", ChannelOptions.Default with { Publish = Who.Nobody }));
        var client = await host.ConnectAsync();

        Assert.Equal("403", (await client.AskAsync("""{"command":"publish","key":"nobody","value":1,"seq":1}""")).Field("code"));
        Assert.Equal("0", (await client.AskAsync("""{"command":"subscribe","key":"nobody","seq":2}""")).Field("code"));
    }

    [Fact]
    public async Task A_newer_token_that_is_no_users_ends_what_only_users_may_read()
    {
        await using var host = await DispatcherHost.StartAsync(Server.Restrict);
        var client = await host.ConnectAsync();
        await client.AskAsync($$"""{"command":"hello","token":"{{TokenMaker.ApiKey}}","seq":1}""");
        await client.AskAsync("""{"command":"subscribe","key":["keys/1","open/1"],"seq":2}""");

        var hello = await client.AskAsync($$"""{"command":"hello","token":"{{Visitors[2].Token}}","seq":3}""");

        Assert.Equal("""["keys/1"]""", hello.Field("dropped"));
    }

    [Fact]
    public async Task Channels_that_may_not_be_read_are_not_listed()
    {
        await using var host = await DispatcherHost.StartAsync(Server.Restrict);
        var (backend, guest) = (await host.ConnectAsync("backend"), await host.ConnectAsync("guest"));
        await backend.AskAsync($$"""{"command":"hello","token":"{{TokenMaker.ApiKey}}","seq":1}""");
        await backend.AskAsync("""{"command":"subscribe","key":["keys/1","open/1"],"seq":2}""");

        var seen = (await guest.AskAsync("""{"command":"channels","seq":1}""")).Field("value");

        Assert.DoesNotContain("keys/1", seen, StringComparison.Ordinal);
        Assert.Contains("open/1", seen, StringComparison.Ordinal);
    }

    /// <summary>One server for the whole table, with a port for each protocol.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private DispatcherHost _host = null!; // Set before any test.
        private HttpHost _http = null!; // So too.

        public static IReadOnlyList<string> Protocols { get; } = ["tcp", "ws", "http", "addresses", "sse"];

        internal Dictionary<string, IPermissionPort> Ports { get; } = [];

        internal static void Restrict(HostPlan plan)
        {
            plan.Rule("keys/open/#", ChannelOptions.Default);
            foreach (var (filter, publish, subscribe) in new[]
            {
                ("users/#", Who.Users, Who.Users),
                ("keys/#", Who.Keys, Who.Keys),
                ("news/#", Who.Keys, Who.Anyone),
                ("nobody/#", Who.Nobody, Who.Nobody),
            })
            {
                plan.Rule(filter, ChannelOptions.Default with { Publish = publish, Subscribe = subscribe });
            }

            var all = new RightsSettings { Publish = ["#"], Subscribe = ["#"], Presence = ["#"] };
            plan.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = TokenMaker.Secret });
            plan.Security.ApiKeys.Add(new ApiKeySettings { Name = "shop", Key = TokenMaker.ApiKey, Rights = all });
            plan.Security.Anonymous = all;
        }

        public async ValueTask InitializeAsync()
        {
            _host = await DispatcherHost.StartAsync(Restrict);
            _http = await HttpHost.StartAsync(Restrict);
            Ports.Add("tcp", new DispatcherPort(_host));
            Ports.Add("ws", new WebSocketPort(_http));
            Ports.Add("http", new RequestPort(_http));
            Ports.Add("addresses", new AddressPort(_http));
            Ports.Add("sse", new StreamPort(_http, inAddress: false));
        }

        public async ValueTask DisposeAsync()
        {
            await _host.DisposeAsync();
            await _http.DisposeAsync();
        }
    }
}
