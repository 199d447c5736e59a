using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Signalbox.Core.Channels;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>How streams end, from either side, and over either HTTP.</summary>
public sealed class SseEndingTests
{
    [Fact]
    public async Task A_reader_that_went_away_is_no_longer_present()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Rule("#", new ChannelOptions { JoinLeave = true }));
        var witness = await host.OpenAsync("channel=room", name: "witness");
        await witness.ReadAsync("join", "that it joined itself");
        var reader = await host.OpenAsync("channel=room");
        var joined = await witness.ReadAsync("join", "that the reader joined");

        reader.Cut();

        Assert.Equal(joined.At("member", "id"), (await witness.ReadAsync("leave", "that the reader left")).At("member", "id"));
        Assert.Single(await host.PresenceAsync("room"));
    }

    [Fact]
    public async Task When_the_server_stops_everybody_is_told_to_come_back_at_another_moment()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Sse.ReconnectSpread = TimeSpan.FromSeconds(30));
        var readers = new List<SseReader>();
        for (var n = 0; n < 20; n++) readers.Add(await host.OpenAsync("channel=news", name: $"reader {n}"));

        await host.StopAsync();

        foreach (var reader in readers)
        {
            var word = await reader.ReadAsync("end", "the last word");
            Assert.Equal(("503", "stopping"), (word.At("code"), word.At("reason")));
            Assert.Equal(reader.Retry.TotalMilliseconds, double.Parse(word.At("retryAfter"), CultureInfo.InvariantCulture));
            Assert.InRange(reader.Retry, TimeSpan.Zero, TimeSpan.FromSeconds(30));
            Assert.Null(await reader.TryReadAsync("the end"));
        }

        Assert.True(readers.Select(reader => reader.Retry).Distinct().Count() > 10, "They come back at once.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_goes_out_before_the_last_word(bool canTakeOver)
    {
        await using var host = await SseHost.StartAsync(plan =>
        {
            plan.CanTakeOver = canTakeOver;
            plan.SendBufferBytes = 16 * 1024;
        });
        using var raw = await RawStream.OpenAsync(host, "/sse?channel=news", receiveBufferBytes: 4096);
        await raw.ReadUntilAsync("\n\n\r\n");
        for (var n = 1; n <= 50; n++) await host.PublishAsync("news", new string('x', 8000));

        var stopping = host.StopAsync();
        var text = await raw.ReadToEndAsync();
        await stopping;

        Assert.True(text.IndexOf("\"offset\":50,", StringComparison.Ordinal) < text.IndexOf("event: end\n", StringComparison.Ordinal));
        Assert.EndsWith("\r\n0\r\n\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_http_2_many_streams_share_a_connection_and_each_ends_by_itself()
    {
        using var certificate = SelfSigned();
        await using var host = await SseHost.StartAsync(plan =>
        {
            plan.Certificate = certificate;
            plan.Rule("#", new ChannelOptions { JoinLeave = true });
        });
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var witness = await host.OpenAsync("channel=room", name: "witness", client: client);
        await witness.ReadAsync("join", "that it joined itself");
        var reader = await host.OpenAsync("channel=room&channel=news", client: client);
        await witness.ReadAsync("join", "that the reader joined");

        await host.PublishAsync("room", "hello");
        Assert.Equal("hello", (await witness.ReadAsync("message", "the message")).At("value"));
        reader.Cut();
        await witness.ReadAsync("leave", "that the reader left");
        await host.StopAsync();

        Assert.Equal(HttpVersion.Version20, witness.Version);
        Assert.Equal("stopping", (await witness.ReadAsync("end", "the last word")).At("reason"));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
