using System.Net;
using System.Net.Sockets;
using Signalbox.Client.Tests.Fakes;
using Signalbox.Protocol.Errors;

namespace Signalbox.Client.Tests.Connections;

public sealed class ReconnectTests
{
    [Fact]
    public async Task Hello_says_who_the_client_is_and_the_answer_says_who_the_server_is()
    {
        await using var driver = new ClientDriver(options =>
        {
            options.Name = "worker";
            options.ServerId = 1;
            options.WorkerId = 2;
        });
        var connecting = driver.Client.ConnectAsync();
        using var peer = await driver.Server.AcceptAsync();

        var hello = await peer.ExpectAsync("hello");
        await peer.ReplyAsync(hello, "\"connection\":\"c9\",\"node\":\"n3\",\"gpid\":65538,\"version\":\"0.1\",\"ping\":25000");
        await connecting.Soon();

        Assert.Equal("\"worker\" 1 2", $"{hello["name"]} {hello["server_id"]} {hello["worker_id"]}");
        Assert.Equal(
            new ServerInfo(driver.Server.Endpoint, "c9", "n3", 65538, "0.1", 25 * ClientDriver.Second), driver.Client.Server);
        Assert.Equal(ConnectionState.Connected, driver.Client.State);
    }

    [Fact]
    public async Task The_pause_before_the_next_try_is_random_and_repeats_with_the_seed()
    {
        await using var driver = new ClientDriver(options => options.Random = new Random(5));
        var peer = await driver.ConnectAsync();

        var change = await driver.BreakAsync(peer);

        var expected = TimeSpan.FromMilliseconds(new Random(5).NextDouble() * 500);
        Assert.Equal(expected, change.RetryIn);
        driver.Clock.Pass(expected);
        await driver.GreetAsync();
        await driver.WaitForAsync(ConnectionState.Connected);
    }

    [Fact]
    public async Task The_servers_last_word_is_the_reason_and_says_when_to_come_back()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();

        await peer.SendAsync("""{"command":"error","code":503,"message":"stopping","reason":"stopping","retryAfter":1700}""");
        var change = await driver.BreakAsync(peer);

        Assert.Equal(ErrorCode.Unavailable, Assert.IsType<SignalboxException>(change.Reason).Code);
        Assert.Equal(TimeSpan.FromMilliseconds(1700), change.RetryIn);
    }

    [Fact]
    public async Task Connecting_to_nobody_says_why_and_goes_on_trying()
    {
        await using var driver = new ClientDriver(options => options.Endpoints[0] = DeadEndpoint());

        await Assert.ThrowsAsync<SocketException>(() => driver.Client.ConnectAsync().Soon());

        var change = await driver.WaitForAsync(ConnectionState.Disconnected);
        Assert.NotNull(change.RetryIn);
        driver.Clock.Pass(change.RetryIn.Value);
        await driver.WaitForAsync(ConnectionState.Connecting);
        await driver.WaitForAsync(ConnectionState.Disconnected);
    }

    [Fact]
    public async Task Endpoints_are_tried_in_turn()
    {
        using var second = new FakeServer();
        await using var driver = new ClientDriver(options =>
        {
            options.Endpoints[0] = DeadEndpoint();
            options.Endpoints.Add(second.Endpoint);
        });

        var connecting = driver.Client.ConnectAsync();
        using var peer = await second.GreetAsync();
        await connecting.Soon();

        Assert.Equal(second.Endpoint, driver.Client.Server?.Endpoint);
    }

    [Fact]
    public async Task A_server_that_was_lost_is_asked_again_only_after_the_others()
    {
        using var second = new FakeServer();
        await using var driver = new ClientDriver(options => options.Endpoints.Add(second.Endpoint));
        var connecting = driver.Client.ConnectAsync();
        using (await driver.Server.GreetAsync()) await connecting.Soon();

        var change = await driver.WaitForAsync(ConnectionState.Disconnected);
        driver.Clock.Pass(change.RetryIn!.Value); // It reconnects.
        using var peer = await second.GreetAsync();

        await driver.WaitForAsync(ConnectionState.Connected);
        Assert.Equal(second.Endpoint, driver.Client.Server?.Endpoint);
    }

    [Fact]
    public async Task A_refused_hello_is_what_connecting_fails_with()
    {
        await using var driver = new ClientDriver();
        var connecting = driver.Client.ConnectAsync();
        using var peer = await driver.Server.AcceptAsync();

        await peer.FailAsync(await peer.ExpectAsync("hello"), 401);

        var error = await Assert.ThrowsAsync<SignalboxException>(() => connecting.Soon());
        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        await peer.WaitForEndAsync();
    }

    [Fact]
    public async Task A_server_that_never_answers_the_hello_is_given_up()
    {
        await using var driver = new ClientDriver();
        var connecting = driver.Client.ConnectAsync();
        using var peer = await driver.Server.AcceptAsync();
        await peer.ExpectAsync("hello");

        driver.Clock.Pass(6 * ClientDriver.Second);

        await Assert.ThrowsAsync<SignalboxTimeoutException>(() => connecting.Soon());
        await peer.WaitForEndAsync();
    }

    [Fact]
    public async Task A_quiet_client_pings_as_often_as_the_server_wants()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();

        driver.Clock.Pass(27 * ClientDriver.Second);

        var ping = await peer.ExpectAsync("ping");
        await peer.ReplyAsync(ping, "\"time\":1700000000000");
        var pinging = driver.Client.PingAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("ping"), "\"time\":1700000000000");
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), await pinging.Soon());
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();

        driver.Clock.Pass(60 * ClientDriver.Second);
        await peer.ExpectAsync("ping");
        Assert.Equal(ConnectionState.Connected, driver.Client.State);
        driver.Clock.Pass(5 * ClientDriver.Second);

        Assert.IsType<TimeoutException>((await driver.WaitForAsync(ConnectionState.Disconnected)).Reason);
    }

    [Fact]
    public async Task A_handler_that_throws_does_no_harm()
    {
        await using var driver = new ClientDriver();
        driver.Client.ConnectionChanged += _ => throw new InvalidOperationException("on purpose");

        await driver.ReconnectAsync(await driver.ConnectAsync());

        await driver.WaitForAsync(ConnectionState.Connected);
    }

    [Fact]
    public async Task Disposing_closes_the_connection_and_ends_the_waiting()
    {
        var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();

        await driver.Client.DisposeAsync().AsTask().Soon();

        await peer.WaitForEndAsync();
        Assert.Equal(ConnectionState.Closed, driver.Client.State);
        Assert.Throws<ObjectDisposedException>(() => { _ = driver.Client.ConnectAsync(); });
        await driver.DisposeAsync();
    }

    // A port that was free a moment ago, with nobody behind it.
    private static string DeadEndpoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!; // It listens, for this moment.
    }
}
