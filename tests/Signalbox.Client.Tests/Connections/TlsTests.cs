using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.Connections;

public sealed class TlsTests
{
    private const string Subject = "CN=signalbox.test";

    [Fact]
    public async Task The_connection_is_encrypted_and_the_certificate_judged_by_the_callback()
    {
        string? judged = null;
        await using var driver = new ClientDriver(options =>
        {
            options.UseTls = true;
            options.TargetHost = "signalbox.test";
            options.RemoteCertificateValidation = (_, certificate, _, _) =>
            {
                judged = certificate?.Subject;
                return judged == Subject;
            };
        });
        var connecting = driver.Client.ConnectAsync();

        await using var secure = await AcceptAsync(driver.Server);
        using var peer = new FakePeer(secure);
        await peer.GreetAsync();
        await connecting.Soon();

        Assert.Equal(Subject, judged);
        Assert.Equal("signalbox.test", secure.TargetHostName);
    }

    [Fact]
    public async Task A_certificate_that_the_system_does_not_trust_is_refused()
    {
        await using var driver = new ClientDriver(options => options.UseTls = true);
        var connecting = driver.Client.ConnectAsync();

        await using var secure = await AcceptAsync(driver.Server);

        await Assert.ThrowsAsync<AuthenticationException>(() => connecting.Soon());
    }

    private static async Task<SslStream> AcceptAsync(FakeServer server)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var secure = new SslStream(await server.AcceptStreamAsync());
        await secure.AuthenticateAsServerAsync(certificate).Soon();
        return secure;
    }
}
