using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signalbox.Client.Tests.Fakes;
using Signalbox.Gateways.Security;
using Signalbox.Protocol.Errors;

namespace Signalbox.Client.Tests.EndToEnd;

public sealed class UserTests
{
    private const string Secret = "a secret that is long enough to sign with";

    [Fact]
    public async Task What_is_sent_to_a_user_comes_on_every_connection_and_nowhere_else()
    {
        await using var server = await StartAsync();
        await using var admin = Connect(server, "admin", isAdmin: true);
        await using var desk = Connect(server, "anna");
        await using var phone = Connect(server, "anna");
        await using var atDesk = new Reading<Message>(desk.Direct);
        await using var onPhone = new Reading<Message>(phone.Direct);
        await Task.WhenAll(desk.ConnectAsync(), phone.ConnectAsync());

        var options = new SendOptions { Headers = [KeyValuePair.Create("order", "17")] };
        var reached = await admin.SendAsync("anna", "it is here", options);
        var missed = await admin.SendAsync("bert", "nobody hears this");

        var message = await atDesk.NextAsync();
        Assert.Equal((2L, 0L), (reached, missed));
        Assert.Equal(("it is here", true, "17"), (message.Text, message.IsDirect, message.Headers[0].Value));
        Assert.Equal("it is here", (await onPhone.NextAsync()).Text);
    }

    [Fact]
    public async Task Where_a_user_is_can_be_asked_and_cut()
    {
        await using var server = await StartAsync();
        await using var admin = Connect(server, "admin", isAdmin: true);
        await using var anna = Connect(server, "anna", reconnects: false);
        await anna.ConnectAsync();

        var here = Assert.Single(await admin.UserAsync("anna"));
        var cut = await admin.DisconnectAsync("anna");

        Assert.Equal(("tcp", 1L), (here.Protocol, cut));
        Assert.Empty(await admin.UserAsync("bert"));
    }

    [Fact]
    public async Task Who_is_revoked_does_not_come_back()
    {
        await using var server = await StartAsync();
        await using var admin = Connect(server, "admin", isAdmin: true);
        await using var anna = Connect(server, "anna", reconnects: false);

        var cut = await admin.RevokeAsync("anna");

        Assert.Equal(0, cut);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => anna.ConnectAsync());
        Assert.Equal(ErrorCode.Unauthorized, ((refused as SignalboxException) ?? (SignalboxException?)refused.InnerException)?.Code);
    }

    private static Task<RealServer> StartAsync() => RealServer.StartAsync(
        options => options.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = Secret }));

    private static SignalboxClient Connect(RealServer server, string user, bool isAdmin = false, bool reconnects = true) =>
        server.Connect(options =>
        {
            options.Token = TokenOf(user, isAdmin);
            options.Reconnect = reconnects;
        });

    private static string TokenOf(string user, bool isAdmin)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = $$$"""{"sub":"{{{user}}}","iat":{{{now}}},"exp":{{{now + 600}}},"signalbox":{"admin":{{{(isAdmin ? "true" : "false")}}}}}""";
        var text = $"{Encode("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{text}.{Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)))}";
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
