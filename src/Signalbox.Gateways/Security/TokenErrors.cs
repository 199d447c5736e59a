namespace Signalbox.Gateways.Security;

/// <summary>What the peer is told for each reason. None of it is taken from the token.</summary>
public static class TokenErrors
{
    public static string Explain(TokenError error) => error switch
    {
        TokenError.TooLong => "The token is too long: grant fewer names, or use filters.",
        TokenError.Malformed => "This is neither a token nor a key that is known here.",
        TokenError.UnknownKey => "The server has no key for the token's algorithm and key id.",
        TokenError.WrongSignature => "The token's signature is wrong.",
        TokenError.BadLifetime => "The token has no 'exp', or lives longer than allowed here.",
        TokenError.Expired => "The token has expired: get a new one.",
        TokenError.NotYetValid => "The token is not valid yet: is a clock wrong?",
        TokenError.WrongIssuer => "The token is of another issuer.",
        TokenError.WrongAudience => "The token is for another audience.",
        TokenError.BadSubject => "The token's 'sub' is no user: it is 1 to 255 bytes, and does not begin with '$'.",
        TokenError.BadRights => "The token's claim 'signalbox' cannot be understood.",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not an error that has an explanation."),
    };
}
