using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tests.Mqtt;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.TestKit;
using Signalbox.Transport;

namespace Signalbox.Gateways.Tests.Connections;

/// <summary>When there are as many connections as allowed, on all ports together, one more is told so in its own words.</summary>
public sealed class CrowdTests
{
    private const string Ping = """{"command":"ping","seq":1}""";

    /// <summary>Our transport, which counts by itself, and Kestrel's, whose connections are counted by us.</summary>
    public static TheoryData<bool> Transports => [true, false];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task The_dispatchers_port_says_it_and_closes(bool isOurs)
    {
        await using var port = await StartAsync(isOurs);
        var first = await port.TalkJsonAsync();
        await first.AskAsync(Ping);

        var second = await port.TalkJsonAsync("second");

        Assert.Equal("too_many_connections", (await second.ReadAsync("that there are too many")).Field("reason"));
        await second.ReadEndAsync("its end");
        Assert.Equal("1", (await first.AskAsync(Ping)).Field("seq"));
    }

    [Theory]
    [InlineData(true, MqttVersion.V5, MqttReasonCode.QuotaExceeded)]
    [InlineData(true, MqttVersion.V311, MqttReasonCode.ServerUnavailable)]
    [InlineData(true, MqttVersion.V31, MqttReasonCode.ServerUnavailable)]
    [InlineData(false, MqttVersion.V5, MqttReasonCode.QuotaExceeded)]
    [InlineData(false, MqttVersion.V311, MqttReasonCode.ServerUnavailable)]
    public async Task Mqtt_says_it_when_it_is_asked_to_let_in(bool isOurs, MqttVersion version, MqttReasonCode reason)
    {
        await using var port = await StartAsync(isOurs);
        var first = await port.ConnectAsync("first");

        var second = await port.OpenAsync("second", version);
        var answer = await second.AskAsync(
            new MqttConnect { Version = version, CleanStart = true, ClientId = MqttTalker.Bytes("second") }.Write);

        Assert.Equal((MqttPacketType.ConnAck, reason), (answer.Type, answer.Reason));
        await second.ReadEndAsync("its end");
        await first.SyncAsync();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task What_is_no_mqtt_is_closed_without_an_answer(bool isOurs)
    {
        await using var port = await StartAsync(isOurs);
        await port.ConnectAsync("first");

        foreach (var wrong in new byte[][] { [0xC0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "GET / HTTP/1.1\r\n\r\n"u8.ToArray() })
        {
            var second = await port.OpenAsync("second");
            await second.SendRawAsync(wrong);
            await second.ReadEndAsync("its end");
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Http_is_503_but_for_what_operators_look_at(bool isOurs)
    {
        await using var port = await StartAsync(isOurs);
        await (await port.TalkJsonAsync()).AskAsync(Ping);

        foreach (var path in new[] { "/hash/k", "/ws", "/sse?channel=a", "/nowhere" })
        {
            var refused = await AskAsync(port, path);
            Assert.StartsWith("HTTP/1.1 503", refused, StringComparison.Ordinal);
            Assert.Contains("Connection: close", refused, StringComparison.Ordinal);
            Assert.Contains("Retry-After: ", refused, StringComparison.Ordinal);
            Assert.Contains("application/problem+json", refused, StringComparison.Ordinal);
        }

        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics" })
        {
            var answer = await AskAsync(port, path);
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task All_ports_share_the_places(bool isOurs)
    {
        await using var port = await StartAsync(isOurs, most: 3);
        await (await port.TalkJsonAsync()).AskAsync(Ping);
        await port.ConnectAsync("second");
        using var third = await RawHttp.OpenAsync(port.HttpEndPoint, null);
        await third.SendAsync("GET /hash/k HTTP/1.1");
        Assert.Equal("HTTP/1.1 404", await third.ReadAsync(12));

        var fourth = await port.TalkJsonAsync("fourth");

        Assert.Equal("too_many_connections", (await fourth.ReadAsync("that there are too many")).Field("reason"));
        Assert.StartsWith("HTTP/1.1 503", await AskAsync(port, "/hash/k"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task The_place_of_one_that_leaves_is_free(bool isOurs)
    {
        await using var port = await StartAsync(isOurs);
        var first = await port.TalkJsonAsync();
        await first.AskAsync(Ping);
        first.EndSending();
        await first.ReadEndAsync("the end of the first");

        // It is closed before it is given back: whoever is quick is told once more.
        string answer;
        do
        {
            answer = await (await port.TalkJsonAsync("next")).AskAsync(Ping);
        }
        while (answer.Field("reason") == "too_many_connections");

        Assert.Equal("1", answer.Field("seq"));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Where_too_many_are_being_told_it_is_closed_without_a_word(bool isOurs)
    {
        await using var port = await StartAsync(isOurs, refusals: 0);
        await (await port.TalkJsonAsync()).AskAsync(Ping);

        await ClosedAsync(async () => await (await port.TalkJsonAsync("second")).ReadEndAsync("its end"));
        await ClosedAsync(async () => await (await port.OpenAsync("third")).ReadEndAsync("its end"));
        await ClosedAsync(async () => Assert.Empty(await AskAsync(port, null)));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Who_does_not_wait_to_be_told_has_a_moment_only(bool isOurs)
    {
        var clock = new HurriedClock();
        await using var port = await StartAsync(isOurs, refusals: 1, clock: clock);
        await (await port.TalkJsonAsync()).AskAsync(Ping);
        var silent = await port.OpenAsync("silent");
        // It has the only moment there is, as the next one is closed without a word.
        await ClosedAsync(async () => await (await port.OpenAsync("second")).ReadEndAsync("its end"));

        await clock.PassMomentAsync();

        await silent.ReadEndAsync("its end");
    }

    private static Task<MqttPort> StartAsync(bool isOurs, int most = 1, int refusals = 100, TimeProvider? clock = null) =>
        MqttPort.StartAsync(plan =>
        {
            if (clock is not null) plan.Clock = clock;
            plan.Services = services =>
            {
                services.AddSingleton(new ConnectionQuota(most, refusals, NullLogger<ConnectionQuota>.Instance, plan.Clock));
                if (isOurs || !PollTransport.IsSupported) return;
                services.Remove(services.Last(service => service.ServiceType == typeof(IConnectionListenerFactory)));
            };
        });

    private static async Task<string> AskAsync(MqttPort port, string? path)
    {
        using var raw = await RawHttp.OpenAsync(port.HttpEndPoint, null);
        if (path is not null) await raw.SendAsync($"GET {path} HTTP/1.1");
        return await raw.ReadToEndAsync();
    }

    // It may be closed so soon that it was never open.
    private static async Task ClosedAsync(Func<Task> connect)
    {
        try
        {
            await connect();
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: SocketException })
        {
            // Closed all the same.
        }
    }

    /// <summary>A clock that knows when somebody has been given a moment.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

        private readonly ManualClock _clock = new();
        private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override long TimestampFrequency => _clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

        public override long GetTimestamp() => _clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = _clock.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Moment) _given.TrySetResult();
            return timer;
        }

        public async Task PassMomentAsync()
        {
            await _given.Task.WaitAsync(TimeSpan.FromSeconds(30));
            _clock.Pass(Moment);
        }
    }
}
