using Signalbox.Gateways.Security;

namespace Signalbox.Cli.Tests.Commands;

public sealed class TokenCommandTests
{
    private const string Secret = "a secret that is long enough to sign with";

    private static readonly Dictionary<string, string> WithSecret = new() { ["SIGNALBOX_SECRET"] = Secret };

    [Fact]
    public async Task The_server_takes_the_token_for_what_was_asked_for()
    {
        var ended = await new Cli("", WithSecret).RunAsync(
            "token", "--user", "anna", "--life", "5m", "--id", "t1", "--publish", "chat/#", "--subscribe", "a", "--subscribe", "b");

        var identity = Read(ended.Output.Trim());
        Assert.Equal(("anna", "t1"), (identity.User, identity.Token!.Id));
        Assert.InRange(identity.ExpiresAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6));
        Assert.True(identity.Rights.Allow(Deed.Publish, "chat/1"));
        Assert.True(identity.Rights.AllowReading("a") && identity.Rights.AllowReading("b"));
        Assert.False(identity.Rights.AllowReading("c"));
    }

    [Fact]
    public async Task Rights_may_be_given_as_the_claim()
    {
        var line = Assert.Single(await new Cli("", WithSecret).JsonAsync("token", "--rights", """{"hash":{"read":["a/#"]}}"""));

        Assert.True(Read(line.GetProperty("token").GetString()!).Rights.Allow(Deed.ReadKey, "a/1"));
    }

    [Fact]
    public async Task The_secret_may_be_in_a_file_and_is_printed_nowhere()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Secret + "\n", TestContext.Current.CancellationToken);
        var ended = await new Cli("").RunAsync("token", "--admin", "--secret-file", file);
        File.Delete(file);

        Assert.True(Read(ended.Output.Trim()).Rights.IsAdmin);
        Assert.DoesNotContain(Secret, ended.Output + ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIGNALBOX_SECRET", "token")]
    [InlineData("32 bytes", "token", "--secret", "short")]
    [InlineData("/no/such/file", "token", "--secret-file", "/no/such/file")]
    [InlineData("--rights", "token", "--secret", Secret, "--rights", "[]")]
    [InlineData("--rights", "token", "--secret", Secret, "--rights", "{}", "--admin")]
    public async Task What_cannot_work_is_said_in_a_sentence(string named, params string[] args)
    {
        var ended = await new Cli("").RunAsync(args);

        Assert.Equal(2, ended.Code);
        Assert.Contains(named, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_that_asks_for_no_token_takes_no_token_that_it_cannot_check()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();

        var ended = await new Cli(server.Address, new Dictionary<string, string> { ["SIGNALBOX_TOKEN"] = "nonsense" }).RunAsync("ping");

        Assert.Equal(1, ended.Code);
        Assert.Contains("401", ended.Error, StringComparison.Ordinal);
    }

    private static Identity Read(string token)
    {
        var options = new SecurityOptions { Keys = [new KeySettings { Algorithm = "HS256", Secret = Secret }] };
        Assert.Equal(TokenError.None, new Doorkeeper(options, TimeProvider.System).TryAdmit(token, out var identity));
        return identity!; // There is one where there is no error.
    }
}
