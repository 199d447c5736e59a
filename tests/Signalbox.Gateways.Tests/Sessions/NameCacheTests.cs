using System.Text;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Tests.Sessions;

/// <summary>Names that come in as bytes, over and over.</summary>
public sealed class NameCacheTests
{
    private readonly NameCache _names = new();

    [Theory]
    [InlineData("news")]
    [InlineData("新闻/体育")]
    [InlineData("a😀b")]
    [InlineData("\uFFFD")]
    public void The_same_bytes_give_the_same_string(string name)
    {
        var first = _names.Find(Encoding.UTF8.GetBytes(name));

        Assert.Equal(name, first);
        Assert.Same(first, _names.Find(Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public void Each_of_more_names_than_there_is_room_for_is_what_its_bytes_say()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 50_000; i++)
            {
                var name = (i % 3) switch { 0 => $"key {i}", 1 => $"键 {i}", _ => $"{i}{new string('x', 128)}" };
                Assert.Equal(name, _names.Find(Encoding.UTF8.GetBytes(name)));
            }
        }
    }

    [Fact]
    public void What_is_no_name_is_none_whether_it_was_asked_before_or_not()
    {
        byte[][] none = [[], "a\nb"u8.ToArray(), Encoding.UTF8.GetBytes(new string('é', 128))];

        Assert.All([.. none, .. none], bytes => Assert.Null(_names.Find(bytes)));
        Assert.NotNull(_names.Find(Encoding.UTF8.GetBytes(new string('é', 127))));
    }

    // Bytes that are no text come out as replacement characters, like those that stand in a text: they are other bytes.
    [Fact]
    public void Bytes_that_are_no_text_are_read_as_they_always_were()
    {
        _names.Find("\uFFFD"u8);

        Assert.Equal("\uFFFD", _names.Find([0xFF]));
        Assert.Equal("\uFFFDx", _names.Find([0xFF, (byte)'x']));
    }
}
