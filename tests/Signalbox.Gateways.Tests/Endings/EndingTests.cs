using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Endings;

/// <summary>How connections end from our side, and what they are told.</summary>
public sealed class EndingTests
{
    private const string Hello = """{"command":"hello","seq":1}""";
    private const string Ping = """{"command":"ping","seq":2}""";

    [Fact]
    public async Task Who_said_hello_and_then_nothing_for_two_and_a_half_pings_is_closed()
    {
        var clock = new ManualClock();
        await using var host = await DispatcherHost.StartAsync(plan => plan.Clock = clock);
        var client = await host.ConnectAsync();
        await client.AskAsync(Hello);

        clock.Pass(TimeSpan.FromSeconds(62));
        Assert.Equal("0", (await client.AskAsync(Ping)).Field("code"));
        clock.Pass(TimeSpan.FromSeconds(62.5));
        Assert.Equal(1, host.ConnectionCount);
        clock.Pass(TimeSpan.FromSeconds(0.5));

        var end = await client.ReadAsync("why it ended");
        Assert.Equal(("503", "silent"), (end.Field("code"), end.Field("reason")));
        Assert.InRange(int.Parse(end.Field("retryAfter")), 100, 2000);
    }

    [Fact]
    public async Task Who_pings_in_time_stays()
    {
        var clock = new ManualClock();
        await using var host = await DispatcherHost.StartAsync(plan => plan.Clock = clock);
        var client = await host.ConnectAsync();
        await client.AskAsync(Hello);

        for (var n = 0; n < 100; n++)
        {
            clock.Pass(TimeSpan.FromSeconds(25));
            Assert.Equal("0", (await client.AskAsync(Ping)).Field("code"));
        }
    }

    [Fact]
    public async Task An_idle_connection_is_closed_unless_it_waits_for_something()
    {
        var clock = new ManualClock();
        await using var host = await DispatcherHost.StartAsync(plan => plan.Clock = clock);
        var idle = await host.ConnectAsync("idle");
        var subscriber = await host.ConnectAsync("subscriber");
        var popper = await host.ConnectAsync("popper");
        await idle.AskAsync(Ping);
        await subscriber.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");
        await popper.SendAsync("""{"command":"qpop","key":"jobs","block":true,"seq":1}""");
        await popper.SyncAsync("the pop to be waiting");

        clock.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(3, host.ConnectionCount);
        clock.Pass(TimeSpan.FromSeconds(72.5));

        Assert.Equal("silent", (await idle.ReadAsync("why it ended")).Field("reason"));
        Assert.Empty(await subscriber.SyncAsync("that the subscriber stays"));
        Assert.Empty(await popper.SyncAsync("that the popper stays"));
    }

    [Fact]
    public async Task At_a_stop_everybody_is_told_when_to_come_back_and_the_connections_end()
    {
        await using var host = await DispatcherHost.StartAsync();
        var idle = await host.ConnectAsync("idle");
        var popper = await host.ConnectAsync("popper");
        await idle.AskAsync(Ping);
        await popper.SendAsync("""{"command":"qpop","key":"jobs","block":true,"seq":1}""");
        await popper.SyncAsync("the pop to be waiting");

        var stopping = host.StopAsync();

        foreach (var client in new[] { idle, popper })
        {
            var end = await client.ReadAsync("why it ended");
            Assert.Equal(("503", "stopping"), (end.Field("code"), end.Field("reason")));
            Assert.InRange(int.Parse(end.Field("retryAfter")), 100, 2000);
            await client.ReadEndAsync("the end");
        }

        await stopping;
        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task What_is_in_hand_at_a_stop_is_answered_first()
    {
        var log = new HeldLog();
        await using var host = await DispatcherHost.StartAsync(plan => plan.Log = log);
        var client = await host.ConnectAsync();
        await client.SendAsync("""{"command":"set","key":"k","value":1,"seq":1}""");
        await log.AppendedAsync(1);

        var stopping = host.StopAsync();
        log.Release();

        Assert.Equal("1", (await client.ReadAsync("the answer to the set")).Field("seq"));
        Assert.Equal("stopping", (await client.ReadAsync("why it ended")).Field("reason"));
        await client.ReadEndAsync("the end");
        await stopping;
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_client_that_asks_much_and_reads_nothing()
    {
        await using var host = await DispatcherHost.StartAsync(plan =>
        {
            plan.Session.CloseTimeout = TimeSpan.FromMilliseconds(200);
            plan.SendBufferBytes = 16 * 1024;
        });
        var client = await host.ConnectAsync("greedy", receiveBufferBytes: 4 * 1024);
        await client.AskAsync($"{{\"command\":\"set\",\"key\":\"k\",\"value\":\"{new string('v', 500_000)}\",\"seq\":0}}");
        await client.SendAsync([.. Enumerable.Range(0, 200).Select(n => $"{{\"command\":\"get\",\"key\":\"k\",\"seq\":{n}}}")]);
        await client.ReadAsync("that it is being served");

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task Over_tls_it_is_the_same_wire()
    {
        using var certificate = SelfSigned();
        await using var host = await DispatcherHost.StartAsync(plan => plan.Certificate = certificate);
        var trusting = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString(),
        };
        var client = await host.ConnectAsync("secured", tls: trusting);
        var other = await host.ConnectAsync("other", tls: trusting);

        await client.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");
        await other.AskAsync("""{"command":"publish","key":"news","value":"secret","seq":1}""");

        Assert.Equal("secret", (await client.ReadAsync("the message")).Field("value"));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
