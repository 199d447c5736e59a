using System.Security.Authentication;
using Signalbox.Client.Tests.Fakes;
using Signalbox.Protocol.Errors;

namespace Signalbox.Client.Tests.Connections;

public sealed class TokenTests
{
    // Shorter than a server may be silent, so that nobody has to speak meanwhile.
    private const string AMinute = "\"user\":\"anna\",\"expiresIn\":60000";

    // Four fifths of that, and what the client looks late.
    private static readonly TimeSpan UntilRenewal = TimeSpan.FromSeconds(49);

    [Fact]
    public async Task Hello_brings_the_token_and_the_answer_says_who_that_is()
    {
        await using var driver = new ClientDriver(options => options.Token = "the token");
        var connecting = driver.Client.ConnectAsync();
        using var peer = await driver.Server.AcceptAsync();

        var hello = await peer.ExpectAsync("hello");
        await peer.ReplyAsync(hello, $"\"connection\":\"c\",\"node\":\"n\",\"version\":\"1\",\"ping\":25000,{AMinute}");
        await connecting.Soon();

        Assert.Equal("\"the token\"", $"{hello["token"]}");
        Assert.Equal(("anna", TimeSpan.FromMinutes(1)), (driver.Client.Server!.User, driver.Client.Server.ExpiresIn));
    }

    [Fact]
    public async Task The_provider_is_asked_at_every_connection()
    {
        var asked = 0;
        await using var driver = new ClientDriver(options => options.TokenProvider = _ => new($"token {++asked}"));
        var connecting = driver.Client.ConnectAsync();
        using var first = await driver.Server.AcceptAsync();
        var hello = await first.ExpectAsync("hello");
        await first.FailAsync(hello, 401);
        await Assert.ThrowsAsync<SignalboxException>(() => connecting.Soon());
        first.Dispose();
        await driver.WaitForAsync(ConnectionState.Disconnected);

        driver.Clock.Pass(0.5 * ClientDriver.Second);
        using var second = await driver.Server.AcceptAsync();

        Assert.Equal("\"token 2\"", $"{(await second.ExpectAsync("hello"))["token"]}");
    }

    [Fact]
    public async Task A_newer_token_is_brought_on_the_same_connection_before_the_old_one_expires()
    {
        var asked = 0;
        await using var driver = new ClientDriver(options => options.TokenProvider = _ => new($"token {++asked}"));
        var peer = await driver.ConnectAsync(AMinute);

        driver.Clock.Pass(UntilRenewal);
        var hello = await NextHelloAsync(peer);
        await peer.ReplyAsync(hello, AMinute);
        // What follows from the answer is done by the pool, in its turn: so are these.
        for (var i = 0; i < 10; i++) await AnswerAPingAsync(driver, peer);

        Assert.Equal("\"token 2\"", $"{hello["token"]}");
        driver.Clock.Pass(UntilRenewal);
        Assert.Equal("\"token 3\"", $"{(await NextHelloAsync(peer))["token"]}");
    }

    [Fact]
    public async Task What_a_newer_token_does_not_grant_ends_with_an_error_and_the_rest_goes_on()
    {
        await using var driver = new ClientDriver(options => options.TokenProvider = _ => new("token"));
        var peer = await driver.ConnectAsync(AMinute);
        var lost = await driver.SubscribeAsync(peer, "lost", 0);
        var kept = await driver.SubscribeAsync(peer, "kept", 0);

        driver.Clock.Pass(UntilRenewal);
        await peer.ReplyAsync(await NextHelloAsync(peer), AMinute + ",\"dropped\":[\"lost\"]");
        await peer.PushMessageAsync("kept", 1, "1");

        await using var messages = kept.GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync().AsTask().Soon());
        await using var none = lost.GetAsyncEnumerator();
        var error = await Assert.ThrowsAsync<SignalboxException>(() => none.MoveNextAsync().AsTask().Soon());
        Assert.Equal(ErrorCode.Forbidden, error.Code);
    }

    [Fact]
    public async Task A_provider_that_fails_is_asked_again()
    {
        var asked = 0;
        await using var driver = new ClientDriver(options => options.TokenProvider = _ =>
            ++asked == 1 ? throw new InvalidOperationException("no tokens today") : new("token"));

        await Assert.ThrowsAsync<AuthenticationException>(() => driver.Client.ConnectAsync().Soon());
        await driver.WaitForAsync(ConnectionState.Disconnected);
        driver.Clock.Pass(0.5 * ClientDriver.Second);
        using var peer = await driver.Server.AcceptAsync();

        Assert.Equal("\"token\"", $"{(await peer.ExpectAsync("hello"))["token"]}");
    }

    // What was sent before is then done.
    private static async Task AnswerAPingAsync(ClientDriver driver, FakePeer peer)
    {
        var pinging = driver.Client.PingAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("ping"), "\"time\":0");
        await pinging.Soon();
    }

    private static async Task<FakeCommand> NextHelloAsync(FakePeer peer)
    {
        while (true)
        {
            var command = await peer.ReadAsync().Soon("a newer token");
            if (command.Name == "hello") return command;
            Assert.Equal("ping", command.Name);
        }
    }
}
