namespace Signalbox.Gateways.Security;

/// <summary>Why a token or key lets nobody in: all the reasons there are.</summary>
public enum TokenError
{
    None,

    /// <summary>Longer than any token that is looked at.</summary>
    TooLong,

    /// <summary>Neither a known API key nor three parts of base64url whose first two are JSON objects.</summary>
    Malformed,

    /// <summary>There is no key of this algorithm and id here. <c>none</c> is an algorithm without a key.</summary>
    UnknownKey,
    WrongSignature,

    /// <summary>It has no <c>exp</c>, or one further away than allowed.</summary>
    BadLifetime,
    Expired,
    NotYetValid,
    WrongIssuer,
    WrongAudience,

    /// <summary>Its <c>sub</c> is no name, or one of the system's.</summary>
    BadSubject,

    /// <summary>Its rights cannot be understood.</summary>
    BadRights,
}
