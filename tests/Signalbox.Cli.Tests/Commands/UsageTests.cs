namespace Signalbox.Cli.Tests.Commands;

public sealed class UsageTests
{
    // Nobody listens at this port: what is refused here was not even tried.
    private readonly Cli _cli = new("127.0.0.1:1");

    [Theory]
    [InlineData("")]
    [InlineData("bogus")]
    [InlineData("get")]
    [InlineData("get a b")]
    [InlineData("keys --jsno")]
    [InlineData("pub ch --retian")]
    [InlineData("pub ch v --header novalue")]
    [InlineData("set k v --ttl 5q")]
    [InlineData("set k v --ttl 0s")]
    [InlineData("set k v --if maybe")]
    [InlineData("incr k much")]
    [InlineData("push q v --priority high")]
    [InlineData("sub ch --count 0")]
    [InlineData("sub ch --epoch x")]
    [InlineData("sub a b --since 1")]
    [InlineData("sub a/# --since 1")]
    [InlineData("history ch --epoch x")]
    [InlineData("history ch --limit 0")]
    [InlineData("ping --timeout never")]
    [InlineData("ping --server a:b")]
    [InlineData("bench")]
    [InlineData("bench kv --size 1")]
    [InlineData("bench idle --depth 3")]
    public async Task Wrong_usage_ends_with_2_and_one_sentence(string line)
    {
        var ended = await _cli.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (ended.Code, ended.Output));
        Assert.StartsWith("signalbox: ", ended.Error);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task An_empty_name_is_wrong_usage()
    {
        var ended = await _cli.RunAsync("get", "");

        Assert.Equal(2, ended.Code);
    }

    [Fact]
    public async Task Help_tells_the_commands_and_the_exit_codes()
    {
        var ended = await _cli.RunAsync("--help");

        Assert.Equal(0, ended.Code);
        Assert.Contains("Exit codes:", ended.Output);
        Assert.Contains("130", ended.Output);
        Assert.Contains("nack <QUEUE> <RECEIPT>", ended.Output);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("sub ch")]
    [InlineData("ack q 1-1")]
    [InlineData("pop q --reserve 1s")]
    [InlineData("bench kv --duration 1s")]
    public async Task Without_a_server_it_ends_with_3(string line)
    {
        var ended = await _cli.RunAsync(line.Split(' '));

        Assert.Equal((3, ""), (ended.Code, ended.Output));
        Assert.StartsWith("signalbox: Cannot connect to 127.0.0.1:1:", ended.Error);
    }
}
