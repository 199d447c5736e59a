using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Signalbox.Transport.Tests;

/// <summary>Kestrel's own protocols on our transport.</summary>
public sealed class WebTests
{
    [Theory]
    [InlineData(false, HttpProtocols.Http1)]
    [InlineData(true, HttpProtocols.Http1)]
    [InlineData(true, HttpProtocols.Http2)]
    public async Task Large_bodies_go_both_ways(bool isTls, HttpProtocols protocol)
    {
        using var certificate = Certificate();
        await using var host = await TransportHost.StartAsync(
            isOurs: true,
            listen =>
            {
                listen.Protocols = protocol;
                if (isTls) listen.UseHttps(certificate);
            },
            app => app.MapPost("/", async (HttpContext context) =>
            {
                using var all = new MemoryStream();
                await context.Request.Body.CopyToAsync(all);
                await context.Response.Body.WriteAsync(all.ToArray());
            }));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, given, _, _) => given?.GetCertHashString() == certificate.GetCertHashString();
        using var client = new HttpClient(handler);
        client.DefaultRequestVersion = protocol is HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var sent = Connections.Bytes(3_000_000, seed: 1);

        for (var i = 0; i < 5; i++)
        {
            using var answer = await client.PostAsync(host.Address, new ByteArrayContent(sent), TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

            Assert.Equal(sent.Length, sent.AsSpan().CommonPrefixLength(body));
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var signed = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pfx), null);
    }
}
