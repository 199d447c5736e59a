using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>HTTP/2 is what TLS brings along: it is the same there.</summary>
public sealed class ProtocolsTests
{
    [Fact]
    public async Task Over_http2_it_is_the_same()
    {
        using var certificate = SelfSigned();
        await using var host = await HttpHost.StartAsync(plan => plan.Certificate = certificate);
        using var client = await host.ClientAsync(Trusting(certificate), HttpVersion.Version20);

        var put = await client.PutAsync("/hash/k", "one", "Idempotency-Key: i");
        var waiting = client.PostAsync("/queues/jobs/pop?wait=30s");
        await client.PostAsync("/queues/jobs", "work", "Signalbox-Header-Trace: t");
        var many = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.PostAsync("/api/incr", """{"key":"n"}""")));

        Assert.Equal((200, HttpVersion.Version20), (put.Status, put.Message.Version));
        Assert.Equal("""{"trace":"t"}""", (await waiting).Field("user"));
        Assert.Equal(Enumerable.Range(1, 100), many.Select(answer => int.Parse(answer.Field("value"), System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task A_request_that_is_given_up_takes_nothing_and_its_connection_goes_on()
    {
        using var certificate = SelfSigned();
        await using var host = await HttpHost.StartAsync(plan => plan.Certificate = certificate);
        using var client = await host.ClientAsync(Trusting(certificate), HttpVersion.Version20);
        using var doomed = new HttpClient(Trusting(certificate))
        {
            BaseAddress = new Uri($"https://{host.EndPoint}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        for (var round = 0; round < 50; round++)
        {
            using var giveUp = new CancellationTokenSource();
            var waiting = doomed.PostAsync("/queues/jobs/pop?wait=10m", null, giveUp.Token);
            await doomed.GetAsync("/health/live", TestContext.Current.CancellationToken);

            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            // Behind the end of the other on the same connection: the server has seen that.
            await doomed.GetAsync("/health/live", TestContext.Current.CancellationToken);
            await client.PostAsync("/queues/jobs", "work");

            Assert.Equal("work", (await client.PostAsync("/queues/jobs/pop?wait=20s")).Field("value"));
        }
    }

    private static SocketsHttpHandler Trusting(X509Certificate2 certificate) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString(),
        },
    };

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
