using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Hashes;

public sealed class HashKeyIncrementTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void An_absent_key_counts_from_zero_and_becomes_JSON()
    {
        var key = new HashKeyDriver();

        var (refusal, sum, version) = key.Increment(-5);

        Assert.Equal((Refusal.None, -5L), (refusal, sum));
        Assert.Equal(new HashValue(HashKeyDriver.Json("-5"), version, null), key.Key.Get(key.Now));
    }

    [Fact]
    public void An_expired_number_counts_as_zero_and_its_expiry_does_not_come_back()
    {
        var key = new HashKeyDriver();
        key.Increment(5, ttl: Second);
        key.PassUnnoticed(Second);

        Assert.Equal(1, key.Increment(1).Sum);
        Assert.Null(key.Key.Get(key.Now)?.ExpiresAt);
    }

    [Fact]
    public void An_increment_keeps_the_expiry_unless_it_says_another()
    {
        var key = new HashKeyDriver();
        key.Set("1", ttl: Second);

        key.Increment(1);
        Assert.Equal(key.Now + Second, key.Key.Get(key.Now)?.ExpiresAt);

        key.Increment(1, ttl: 2 * Second);
        Assert.Equal(key.Now + (2 * Second), key.Key.Get(key.Now)?.ExpiresAt);
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("-0", 1)]
    [InlineData("12", 13)]
    [InlineData("-12", -11)]
    [InlineData("9223372036854775806", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue + 1)]
    public void A_whole_number_counts_as_JSON_and_as_text(string value, long expected)
    {
        var json = new HashKeyDriver();
        var text = new HashKeyDriver();
        json.Set(HashKeyDriver.Json(value));
        text.Set(HashKeyDriver.PlainText(value));

        Assert.Equal(expected, json.Increment(1).Sum);
        Assert.Equal(expected, text.Increment(1).Sum);
        Assert.Equal(HashKeyDriver.Json(expected.ToString()), text.Key.Get(text.Now)?.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("+1")]
    [InlineData("012")]
    [InlineData("-01")]
    [InlineData("--1")]
    [InlineData(" 12")]
    [InlineData("12 ")]
    [InlineData("1-")]
    [InlineData("true")]
    [InlineData("\"12\"")]
    [InlineData("١٢")]
    public void Anything_else_is_not_a_number_and_stays_as_it_is(string value)
    {
        var json = new HashKeyDriver();
        var text = new HashKeyDriver();
        var (_, version) = json.Set(HashKeyDriver.Json(value));
        text.Set(HashKeyDriver.PlainText(value));

        Assert.Equal((Refusal.NotANumber, 0, version), json.Increment(1));
        Assert.Equal((Refusal.NotANumber, 0, version), text.Increment(1));
        Assert.Equal(value, text.Text);
    }

    [Fact]
    public void Binary_digits_are_not_a_number()
    {
        var key = new HashKeyDriver();
        key.Set(new Payload("12"u8.ToArray(), PayloadKind.Binary));

        Assert.Equal(Refusal.NotANumber, key.Increment(1).Refusal);
    }

    [Theory]
    [InlineData("9223372036854775807", 1)]
    [InlineData("-9223372036854775808", -1)]
    [InlineData("9223372036854775808", 0)]
    [InlineData("99999999999999999999999999", 0)]
    public void What_does_not_fit_into_64_bits_is_refused(string value, long by)
    {
        var key = new HashKeyDriver();
        key.Set(value);

        Assert.Equal(Refusal.NumberOverflow, key.Increment(by).Refusal);
        Assert.Equal(value, key.Text);
    }
}
