using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Gateways.Security;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Security;

public sealed class TokenTests : IClassFixture<TokenMaker>
{
    private const string Hs256 = """{"alg":"HS256"}""";
    private const string Rs256 = """{"alg":"RS256"}""";
    private const string Es256 = """{"alg":"ES256"}""";

    private readonly ManualClock _clock = new();
    private readonly TokenMaker _maker;
    private readonly SecurityOptions _options = new();

    public TokenTests(TokenMaker maker)
    {
        _maker = maker;
        maker.Configure(_options);
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    private string Good => TokenMaker.Claims(Now, "anna", """{"publish":["chat/#"]}""", id: "t1");

    [Fact]
    public void A_good_token_of_each_algorithm_says_who_comes_and_what_they_may_do()
    {
        Assert.All(
            [TokenMaker.Hmac(Hs256, Good), _maker.Rsa(Rs256, Good), _maker.Ecdsa(Es256, Good)],
            token =>
            {
                Assert.Equal(TokenError.None, Admit(token, out var identity));
                Assert.Equal(("anna", "t1", false), (identity!.User, identity.Token!.Id, identity.IsAnonymous));
                Assert.Equal(Now + TimeSpan.FromHours(1) + _options.ClockSkew, identity.ExpiresAt);
                Assert.True(identity.Rights.Allow(Deed.Publish, "chat/room"));
                Assert.False(identity.Rights.Allow(Deed.Publish, "news"));
                Assert.False(identity.Rights.Allow(Deed.Subscribe, "chat/room"));
            });
    }

    [Fact]
    public void A_token_without_a_signature_is_nothing() =>
        Assert.Equal(TokenError.UnknownKey, Admit(TokenMaker.NotSigned(Good)));

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS384")]
    [InlineData("hs256")]
    [InlineData("")]
    public void An_algorithm_without_a_key_is_refused(string algorithm) =>
        Assert.Equal(TokenError.UnknownKey, Admit(TokenMaker.Hmac($$"""{"alg":"{{algorithm}}"}""", Good)));

    [Fact]
    public void A_public_key_does_not_serve_as_a_secret() =>
        Assert.Equal(TokenError.WrongSignature, Admit(TokenMaker.Hmac(Hs256, Good, _maker.RsaPem)));

    [Fact]
    public void A_signature_of_another_algorithm_is_wrong()
    {
        Assert.Equal(TokenError.WrongSignature, Admit(TokenMaker.Hmac(Rs256, Good)));
        Assert.Equal(TokenError.WrongSignature, Admit(TokenMaker.Hmac(Es256, Good)));
        Assert.Equal(TokenError.WrongSignature, Admit(_maker.Rsa(Es256, Good)));
        Assert.Equal(TokenError.WrongSignature, Admit(TokenMaker.Hmac(Hs256, Good, "another secret, as long as the right one")));
    }

    [Theory]
    [InlineData("""{"alg":"HS256","kid":"hmac"}""", TokenError.None)]
    [InlineData("""{"alg":"HS256","kid":"other"}""", TokenError.UnknownKey)]
    [InlineData("""{"alg":"HS256","kid":5}""", TokenError.Malformed)]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""", TokenError.Malformed)]
    [InlineData("""{"alg":"HS256","alg":"HS256"}""", TokenError.Malformed)]
    [InlineData("""{"alg":null}""", TokenError.Malformed)]
    [InlineData("""{}""", TokenError.Malformed)]
    [InlineData("""[]""", TokenError.Malformed)]
    [InlineData("""{""", TokenError.Malformed)]
    public void A_header_is_believed_only_where_it_is_understood(string header, TokenError expected) =>
        Assert.Equal(expected, Admit(TokenMaker.Hmac(header, Good)));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.e30")]
    [InlineData("e30=.e30.")]
    [InlineData("e30. e30.")]
    [InlineData("e30.e30.e30.e30")]
    public void What_is_no_token_is_malformed(string token) => Assert.Equal(TokenError.Malformed, Admit(token));

    [Theory]
    [InlineData("""{"sub":"anna"}""", TokenError.BadLifetime)]
    [InlineData("""{"exp":"soon"}""", TokenError.Malformed)]
    [InlineData("""{"exp":-1}""", TokenError.Malformed)]
    [InlineData("""{"exp":1e300}""", TokenError.Malformed)]
    [InlineData("""{"exp":EXP,"nbf":"x"}""", TokenError.Malformed)]
    [InlineData("""{"exp":EXP,"exp":EXP}""", TokenError.Malformed)]
    [InlineData("""{"exp":EXP,"sub":5}""", TokenError.Malformed)]
    [InlineData("""{"exp":EXP,"sub":"\ud800"}""", TokenError.Malformed)]
    [InlineData("""{"exp":EXP,"sub":""}""", TokenError.BadSubject)]
    [InlineData("""{"exp":EXP,"sub":"$key/billing"}""", TokenError.BadSubject)]
    [InlineData("""{"exp":EXP,"signalbox":[]}""", TokenError.BadRights)]
    [InlineData("""{"exp":EXP,"signalbox":null}""", TokenError.BadRights)]
    [InlineData("""{"exp":EXP,"signalbox":{"publish":"#"}}""", TokenError.BadRights)]
    [InlineData("""{"exp":EXP,"signalbox":{"publish":["a/#/b"]}}""", TokenError.BadRights)]
    [InlineData("""{"exp":EXP,"signalbox":{"publish":[null]}}""", TokenError.BadRights)]
    [InlineData("""{"exp":EXP,"signalbox":{"admin":"yes"}}""", TokenError.BadRights)]
    [InlineData("""{"exp":EXP,"signalbox":{"limits":{"subscriptions":0}}}""", TokenError.BadRights)]
    [InlineData("""{"exp":EXP,"signalbox":{"publish":null,"queue":null,"something":"new"}}""", TokenError.None)]
    [InlineData("""{"exp":EXP}""", TokenError.None)]
    public void Claims_are_taken_as_they_are_meant_or_not_at_all(string claims, TokenError expected)
    {
        var expires = (Now + TimeSpan.FromHours(1)).ToUnixTimeSeconds();

        Assert.Equal(expected, Admit(TokenMaker.Hmac(Hs256, claims.Replace("EXP", $"{expires}.5", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_token_lives_from_nbf_to_exp_give_or_take_the_clocks()
    {
        var claims = $$"""{"nbf":{{Now.ToUnixTimeSeconds() + 60}},"exp":{{Now.ToUnixTimeSeconds() + 120}}}""";
        var token = TokenMaker.Hmac(Hs256, claims);

        _clock.Pass(TimeSpan.FromSeconds(29));
        Assert.Equal(TokenError.NotYetValid, Admit(token));
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenError.None, Admit(token));
        _clock.Pass(TimeSpan.FromSeconds(119));
        Assert.Equal(TokenError.None, Admit(token));
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenError.Expired, Admit(token));
    }

    [Fact]
    public void A_token_that_lives_longer_than_a_revocation_is_remembered_is_refused()
    {
        Assert.Equal(TokenError.None, Admit(TokenMaker.Token(Now, "anna", life: _options.MaxTokenAge)));
        Assert.Equal(TokenError.BadLifetime, Admit(TokenMaker.Token(Now, "anna", life: _options.MaxTokenAge + TimeSpan.FromSeconds(1))));
    }

    [Theory]
    [InlineData("\"iss\":\"us\",\"aud\":\"signalbox\"", TokenError.None)]
    [InlineData("\"iss\":\"us\",\"aud\":[\"other\",\"signalbox\"]", TokenError.None)]
    [InlineData("\"iss\":\"us\",\"aud\":[\"other\"]", TokenError.WrongAudience)]
    [InlineData("\"iss\":\"us\"", TokenError.WrongAudience)]
    [InlineData("\"iss\":\"us\",\"aud\":{}", TokenError.WrongAudience)]
    [InlineData("\"iss\":\"them\",\"aud\":\"signalbox\"", TokenError.WrongIssuer)]
    [InlineData("\"aud\":\"signalbox\"", TokenError.WrongIssuer)]
    public void Issuer_and_audience_are_checked_where_they_are_set(string claims, TokenError expected)
    {
        (_options.Issuer, _options.Audience) = ("us", "signalbox");

        Assert.Equal(expected, Admit(TokenMaker.Hmac(Hs256, $$"""{"exp":{{Now.ToUnixTimeSeconds() + 60}},{{claims}}}""")));
    }

    [Fact]
    public void A_token_longer_than_any_is_not_looked_at() =>
        Assert.Equal(TokenError.TooLong, Admit(new string('a', 8193)));

    [Fact]
    public void A_backend_comes_in_with_its_key_or_its_hash_in_the_settings()
    {
        var hash = Convert.ToHexString(SHA256.HashData("another key of a backend"u8));
        _options.ApiKeys.Add(new ApiKeySettings { Name = "billing", Key = TokenMaker.ApiKey, Rights = new() { Admin = true } });
        _options.ApiKeys.Add(new ApiKeySettings { Name = "shop", Sha256 = hash, Rights = new() { Publish = ["shop/#"] } });
        Assert.Empty(_options.Validate());

        Assert.Equal(TokenError.None, Admit(TokenMaker.ApiKey, out var billing));
        Assert.Equal(TokenError.None, Admit("another key of a backend", out var shop));
        Assert.Equal(TokenError.Malformed, Admit(TokenMaker.ApiKey + "x"));
        Assert.True(billing!.Rights.IsAdmin);
        Assert.Equal((null, "$key/shop"), (shop!.User, shop.RateName));
        Assert.True(shop.Rights.Allow(Deed.Publish, "shop/1"));
    }

    [Fact]
    public void A_token_with_any_change_lets_nobody_in() =>
        Prop.ForAll<int, byte>((place, change) =>
        {
            var token = Encoding.UTF8.GetBytes(TokenMaker.Hmac(Hs256, Good));
            // Of the last letter some bits carry nothing.
            var at = (place & int.MaxValue) % (token.Length - 1);
            var before = token[at];
            token[at] = change;

            Assert.Equal(before == change, Doors().TryAdmit(token, out var identity) == TokenError.None);
            Assert.Equal(before == change, identity is not null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Any_claims_however_odd_are_read_or_refused() =>
        Prop.ForAll<byte[], byte[]>((header, claims) =>
        {
            // Signed as they are, so that the claims are truly looked at.
            var odd = Encoding.Latin1.GetString(claims);
            Admit(TokenMaker.Hmac(Hs256, odd));
            Admit(TokenMaker.Hmac(Encoding.Latin1.GetString(header), Good));
            Admit(TokenMaker.Hmac(Hs256, Good.Insert(claims.Length % Good.Length, odd)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private TokenError Admit(string token) => Admit(token, out _);

    private TokenError Admit(string token, out Identity? identity) => Doors().TryAdmit(token, out identity);

    private Doorkeeper Doors() => new(_options, _clock);
}
