namespace Signalbox.Gateways.Security;

/// <summary>Who may come in, and what they may do, on every protocol.</summary>
public sealed class SecurityOptions
{
    /// <summary>Keys that sign tokens. Default none: no token is accepted.</summary>
    public IList<KeySettings> Keys { get; set; } = [];

    /// <summary>Keys of backends. Default none.</summary>
    public IList<ApiKeySettings> ApiKeys { get; set; } = [];

    /// <summary>The <c>iss</c> that tokens must have. Default none: it is not looked at.</summary>
    public string? Issuer { get; set; }

    /// <summary>What must be in the <c>aud</c> of tokens. Default none: it is not looked at.</summary>
    public string? Audience { get; set; }

    /// <summary>How far the clocks of issuers and servers may be apart. Default 30 seconds: more forgives worse clocks,
    /// and lets a token live so much longer.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How far away a token's <c>exp</c> may be. Default 30 days: more lets tokens live longer, and revocations
    /// be remembered for as long.</summary>
    public TimeSpan MaxTokenAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a peer that may do nothing has to say who it is. Default 10 seconds.</summary>
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What anybody may do without a token or key. Default everything where there are no keys, and nothing
    /// where there are.</summary>
    public RightsSettings? Anonymous { get; set; }

    /// <summary>Whether there is any key: only then is it told who comes.</summary>
    public bool HasKeys => Keys.Count > 0 || ApiKeys.Count > 0;

    /// <returns>What is wrong, and what would be right: one sentence each. Nothing of a key is in them.</returns>
    public IEnumerable<string> Validate()
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            if (Keys[i].TryBuild(out _) is { } problem) yield return $"Security:Keys:{i}: {problem}";
        }

        for (var i = 0; i < ApiKeys.Count; i++)
        {
            if (ApiKeys[i].TryBuild(out _) is { } problem) yield return $"Security:ApiKeys:{i}: {problem}";
        }

        if (Anonymous?.TryBuild(out _) is { } anonymous) yield return $"Security:Anonymous: {anonymous}";
        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromHours(1)) yield return "Security:ClockSkew is out of range; use 00:00:00 to 01:00:00.";
        if (MaxTokenAge <= TimeSpan.Zero || MaxTokenAge > TimeSpan.FromDays(3660)) yield return "Security:MaxTokenAge is out of range; use for example 30.00:00:00.";
        if (HelloTimeout <= TimeSpan.Zero) yield return "Security:HelloTimeout must be more than nothing; use for example 00:00:10.";
    }
}
