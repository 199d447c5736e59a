using System.Text;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Protocol.Commands;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>Every command for every kind of visitor, on every protocol that speaks commands.</summary>
public sealed class PermissionTests(PermissionTests.Server server) : IClassFixture<PermissionTests.Server>
{
    public static TheoryData<string, string, int> Cases => [.. AllCases()];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_command_is_done_for_who_may_and_refused_to_everybody_else(string protocol, string command, int index)
    {
        var row = PermissionTable.Rows[index];
        if (!server.Ports[protocol].Speaks(row.Body)) return;

        var visitors = Enum.GetValues<Visitor>();

        var codes = await Task.WhenAll(visitors.Select(visitor => server.Ports[protocol].AskAsync(TokenOf(visitor, row), row.Body)));

        Assert.All(
            visitors.Zip(codes),
            one => Assert.True(Expected(one.First, row) == one.Second, $"{command} by {one.First}: {one.Second}."));
    }

    [Fact]
    public void The_table_has_every_command()
    {
        var inTable = PermissionTable.Rows.Select(row => CommandNames.Find(Encoding.UTF8.GetBytes(row.Body.Field("command"))));

        Assert.Equal(Enum.GetValues<CommandName>().Skip(1).Order(), inTable.Distinct().Order());
    }

    private static IEnumerable<TheoryDataRow<string, string, int>> AllCases() =>
        from protocol in Server.Protocols
        from row in PermissionTable.Rows.Select((row, index) => (row.Body, Index: index))
        select new TheoryDataRow<string, string, int>(protocol, row.Body, row.Index);

    private static string Expected(Visitor visitor, PermissionRow row) => visitor switch
    {
        Visitor.Allowed => row.Allowed,
        Visitor.Denied => row.Denied,
        Visitor.Anonymous => row.Anonymous,
        _ => "401",
    };

    private static string? TokenOf(Visitor visitor, PermissionRow row)
    {
        var now = TimeProvider.System.GetUtcNow();
        return visitor switch
        {
            Visitor.Allowed => TokenMaker.Token(now, "anna", row.Rights),
            Visitor.Denied => TokenMaker.Token(now, "anna", PermissionTable.OtherRights),
            Visitor.Anonymous => null,
            Visitor.Expired => TokenMaker.Token(now - TimeSpan.FromHours(2), "anna", row.Rights),
            Visitor.WrongSignature => TokenMaker.Token(now, "anna", row.Rights, secret: "another secret, as long as the right one"),
            Visitor.NoSignature => TokenMaker.NotSigned(TokenMaker.Claims(now, "anna", row.Rights)),
            _ => throw new ArgumentOutOfRangeException(nameof(visitor)),
        };
    }

    /// <summary>One server for the whole table, with a port for each protocol.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private DispatcherHost _host = null!; // Set before any test.
        private HttpHost _http = null!; // So too.

        /// <summary>The columns: a protocol's name, and in <see cref="InitializeAsync"/> its port.</summary>
        public static IReadOnlyList<string> Protocols { get; } = ["tcp", "ws", "http", "addresses", "sse by header", "sse by address"];

        internal Dictionary<string, IPermissionPort> Ports { get; } = [];

        public async ValueTask InitializeAsync()
        {
            var key = new KeySettings { Algorithm = "HS256", Secret = TokenMaker.Secret };
            _host = await DispatcherHost.StartAsync(plan => plan.Security.Keys.Add(key));
            _http = await HttpHost.StartAsync(plan => plan.Security.Keys.Add(key));
            Ports.Add("tcp", new DispatcherPort(_host));
            Ports.Add("ws", new WebSocketPort(_http));
            Ports.Add("http", new RequestPort(_http));
            Ports.Add("addresses", new AddressPort(_http));
            Ports.Add("sse by header", new StreamPort(_http, inAddress: false));
            Ports.Add("sse by address", new StreamPort(_http, inAddress: true));
        }

        public async ValueTask DisposeAsync()
        {
            await _host.DisposeAsync();
            await _http.DisposeAsync();
        }
    }
}
