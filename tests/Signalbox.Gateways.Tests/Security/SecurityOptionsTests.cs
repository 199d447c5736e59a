using System.Security.Cryptography;
using Signalbox.Gateways.Security;

namespace Signalbox.Gateways.Tests.Security;

public sealed class SecurityOptionsTests
{
    private const string Short = "too short a secret";

    public static TheoryData<SecurityOptions, string> WrongOnes => new()
    {
        { WithKey(new() { Algorithm = "none", Secret = TokenMaker.Secret }), "HS256, RS256 or ES256" },
        { WithKey(new() { Algorithm = "HS256" }), "Secret or SecretFile" },
        { WithKey(new() { Algorithm = "HS256", Secret = Short }), "32 bytes" },
        { WithKey(new() { Algorithm = "HS256", SecretFile = "/no/such/file" }), "/no/such/file" },
        { WithKey(new() { Algorithm = "RS256", Secret = TokenMaker.Secret }), "PublicKey or PublicKeyFile" },
        { WithKey(new() { Algorithm = "RS256", PublicKey = "no pem" }), "no public key in PEM" },
        { WithKey(new() { Algorithm = "RS256", PublicKey = SmallRsa() }), "2048" },
        { WithKey(new() { Algorithm = "ES256", PublicKey = WrongCurve() }), "P-256" },
        { WithApiKey(new() { Name = "", Key = TokenMaker.ApiKey }), "Name" },
        { WithApiKey(new() { Name = "shop" }), "Sha256 or Key" },
        { WithApiKey(new() { Name = "shop", Key = "short" }), "20 characters" },
        { WithApiKey(new() { Name = "shop", Sha256 = "abc" }), "64 hexadecimal" },
        { WithApiKey(new() { Name = "shop", Key = TokenMaker.ApiKey, Rights = new() { Publish = ["a#"] } }), "'a#'" },
        { new SecurityOptions { Anonymous = new() { Subscribe = ["#/a"] } }, "'#/a'" },
        { new SecurityOptions { ClockSkew = TimeSpan.FromSeconds(-1) }, "ClockSkew" },
        { new SecurityOptions { MaxTokenAge = TimeSpan.Zero }, "MaxTokenAge" },
        { new SecurityOptions { HelloTimeout = TimeSpan.Zero }, "HelloTimeout" },
    };

    [Theory]
    [MemberData(nameof(WrongOnes))]
    public void What_is_wrong_is_said_in_a_sentence_without_a_secret(SecurityOptions options, string named)
    {
        var problem = Assert.Single(options.Validate());

        Assert.Contains(named, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Short, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(TokenMaker.Secret, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(TokenMaker.ApiKey, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_keys_anybody_may_do_everything_and_with_keys_nothing_unless_it_is_said()
    {
        var keyed = WithKey(new() { Algorithm = "HS256", Secret = TokenMaker.Secret });

        Assert.True(new Doorkeeper(new SecurityOptions(), TimeProvider.System).Anonymous.Rights.IsAdmin);
        Assert.True(new Doorkeeper(keyed, TimeProvider.System).Anonymous.MustSayWho);

        keyed.Anonymous = new RightsSettings { Subscribe = ["public/#"] };
        var anonymous = new Doorkeeper(keyed, TimeProvider.System).Anonymous;
        Assert.True(anonymous.Rights.AllowReading("public/news"));
        Assert.False(anonymous.Rights.AllowReading("news"));
        Assert.False(anonymous.MustSayWho);
    }

    [Fact]
    public void A_secret_may_come_from_a_file_with_or_without_an_end_of_line()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, TokenMaker.Secret + "\n");
        var doors = new Doorkeeper(WithKey(new() { Algorithm = "HS256", SecretFile = file }), TimeProvider.System);
        File.Delete(file);

        Assert.Equal(TokenError.None, doors.TryAdmit(TokenMaker.Token(TimeProvider.System.GetUtcNow(), "anna"), out _));
    }

    private static SecurityOptions WithKey(KeySettings key) => new() { Keys = [key] };

    private static SecurityOptions WithApiKey(ApiKeySettings key) => new() { ApiKeys = [key] };

    private static string SmallRsa()
    {
        using var rsa = RSA.Create(1024);
        return rsa.ExportSubjectPublicKeyInfoPem();
    }

    private static string WrongCurve()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return ecdsa.ExportSubjectPublicKeyInfoPem();
    }
}
