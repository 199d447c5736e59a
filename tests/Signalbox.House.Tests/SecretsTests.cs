using System.Text.RegularExpressions;

namespace Signalbox.House.Tests;

/// <summary>A comparison that stops at the first byte that differs tells, by its time, how far a guess was right.</summary>
public sealed partial class SecretsTests
{
    [Theory]
    [InlineData("src/Signalbox.Gateways/Security/Doorkeeper.cs")]
    [InlineData("src/Signalbox.Gateways/Security/HmacTokenKey.cs")]
    public void Who_compares_secrets_does_so_in_constant_time(string file) =>
        Assert.Contains("CryptographicOperations.FixedTimeEquals(", Repository.Read(file), StringComparison.Ordinal);

    [Fact]
    public void What_comes_of_a_secret_is_compared_in_no_other_way() =>
        Assert.Empty(
            from file in Repository.Files("*.cs", "src/Signalbox.Gateways", "server")
            from line in Repository.Lines(file)
            where OtherComparison().IsMatch(line)
            select $"{file}: {line.Trim()}");

    /// <remarks>Whoever makes such a value compares it, and is named above; or only keeps it, or sends it.</remarks>
    [Fact]
    public void Nobody_else_makes_what_a_secret_is_compared_with() =>
        Assert.Equal(
            [
                "src/Signalbox.Gateways/Hooks/HookClient.cs",
                "src/Signalbox.Gateways/Security/ApiKeySettings.cs",
                "src/Signalbox.Gateways/Security/Doorkeeper.cs",
                "src/Signalbox.Gateways/Security/HmacTokenKey.cs",
            ],
            Repository.Files("*.cs", "src/Signalbox.Gateways").Where(file => Hashed().IsMatch(Repository.Read(file))));

    [GeneratedRegex(
        @"\b(secret|hash|signature|mac)\s*[=!]=\s*(?!null)"
        + @"|\b(secret|hash|signature|mac)(\.Span|\.AsSpan\(\))?\.(SequenceEqual|SequenceCompareTo|Equals|AsSpan\(\)\.SequenceEqual)\("
        + @"|(?<!FixedTime)(Equals?|SequenceCompareTo)\(\w*\.?(secret|hash|signature|mac)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex OtherComparison();

    [GeneratedRegex(@"\b(HMACSHA(256|384|512)|SHA(256|384|512))\.HashData\(")]
    private static partial Regex Hashed();
}
