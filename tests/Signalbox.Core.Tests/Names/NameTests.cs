using Signalbox.Core.Names;

namespace Signalbox.Core.Tests.Names;

public sealed class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("sensors/1/temp")]
    [InlineData("/")]
    [InlineData("a b")]
    [InlineData("$kv/key")]
    [InlineData("grüße/日本/🚂")]
    [InlineData("\uFFFD")]
    public void A_name_is_any_text_without_controls(string name) => Assert.True(Name.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u007Fb")]
    [InlineData("a\u0085b")]
    public void A_name_is_not_empty_and_has_no_controls(string name) => Assert.False(Name.IsValid(name));

    // As bytes, since attributes are kept as UTF-8, which cannot hold half a character.
    [Theory]
    [InlineData(0xD83D)]
    [InlineData(0xDE82)]
    public void A_name_has_no_half_of_a_surrogate_pair(int half)
    {
        var broken = (char)half;

        Assert.False(Name.IsValid($"{broken}"));
        Assert.False(Name.IsValid($"a{broken}b"));
        Assert.False(Name.IsValid($"\uDE82{broken}\uD83D"));
    }

    [Theory]
    [InlineData("a", 255, true)]
    [InlineData("a", 256, false)]
    [InlineData("ü", 127, true)]
    [InlineData("ü", 128, false)]
    [InlineData("🚂", 63, true)]
    [InlineData("🚂", 64, false)]
    public void A_name_has_at_most_255_bytes_of_UTF8(string character, int count, bool isValid)
    {
        var name = string.Concat(Enumerable.Repeat(character, count));

        Assert.Equal(isValid, Name.IsValid(name));
    }

    [Fact]
    public void A_name_that_begins_with_a_dollar_is_the_systems()
    {
        Assert.True(Name.IsSystem("$kv/key"));
        Assert.False(Name.IsSystem("kv/$key"));
        Assert.False(Name.IsSystem(""));
    }
}
