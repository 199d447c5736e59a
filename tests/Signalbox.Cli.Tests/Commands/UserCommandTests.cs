namespace Signalbox.Cli.Tests.Commands;

public sealed class UserCommandTests : IAsyncLifetime
{
    private readonly TestServer _server = new() { Secret = "a secret that is long enough to sign with" };
    private Cli _admin = null!; // Set before each test.
    private Cli _anna = null!; // Set before each test.

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _admin = await WithTokenAsync("--admin");
        _anna = await WithTokenAsync("--user", "anna", "--subscribe", "news");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_is_sent_to_a_user_is_printed_by_sub()
    {
        var sub = await ListenAsync();

        var sent = await _admin.JsonAsync("send", "anna", "your order is here", "--header", "order=17");

        Assert.Equal(1, sent[0].GetProperty("published").GetInt32());
        Assert.EndsWith("  your order is here  order=17", await sub.LineAsync(), StringComparison.Ordinal);
        Assert.Contains("(you)", (await sub.InterruptAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_user_is_is_listed_and_a_disconnect_ends_it()
    {
        var sub = await ListenAsync();

        var here = Assert.Single(await _admin.JsonAsync("user", "anna"));
        var closed = await _admin.RunAsync("disconnect", "anna");

        Assert.Equal("tcp", here.GetProperty("protocol").GetString());
        Assert.Equal((0, "1 closed"), (closed.Code, closed.Lines[0]));
        Assert.Equal(3, (await sub.EndAsync()).Code);
        Assert.Empty(await _admin.JsonAsync("user", "nobody"));
    }

    [Fact]
    public async Task Who_is_revoked_does_not_come_back()
    {
        var revoked = await _admin.RunAsync("revoke", "anna");

        Assert.Equal((0, "revoked, 0 closed"), (revoked.Code, revoked.Lines[0]));
        Assert.NotEqual(0, (await _anna.RunAsync("presence", "news")).Code);
    }

    // The retained value is the sign that it listens.
    private async Task<Cli.Running> ListenAsync()
    {
        await _admin.RunAsync("pub", "news", "old", "--retain");
        var sub = _anna.Start(["sub", "news"]);
        await sub.LineAsync();
        return sub;
    }

    private async Task<Cli> WithTokenAsync(params string[] rights)
    {
        var secret = new Dictionary<string, string> { ["SIGNALBOX_SECRET"] = _server.Secret! }; // It has one.
        var token = (await new Cli(_server.Address, secret).RunAsync(["token", .. rights])).Lines[0];
        return new Cli(_server.Address, new Dictionary<string, string> { ["SIGNALBOX_TOKEN"] = token });
    }
}
