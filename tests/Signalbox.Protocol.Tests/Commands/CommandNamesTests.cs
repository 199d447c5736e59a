using System.Text;
using Signalbox.Protocol.Commands;

namespace Signalbox.Protocol.Tests.Commands;

public sealed class CommandNamesTests
{
    private const string OnTheWire =
        "subscribe unsubscribe publish broadcast channels set get delete count deleteall qpush qpop qcount qdelete "
        + "qdeleteall hello ping history presence incr keys qack qnack qextend qpeek queues quota send user disconnect "
        + "revoke cluster";

    private static readonly CommandName[] All = [.. Enum.GetValues<CommandName>().Skip(1)];

    [Fact]
    public void The_names_on_the_wire_are_these_and_no_others() =>
        Assert.Equal(OnTheWire.Split(' '), All.Select(name => Encoding.UTF8.GetString(CommandNames.Utf8Of(name))));

    [Fact]
    public void Every_command_is_found_by_its_name() =>
        Assert.All(All, name => Assert.Equal(name, CommandNames.Find(CommandNames.Utf8Of(name))));

    [Fact]
    public void Misspellings_that_live_on_the_wire_are_understood()
    {
        Assert.Equal(CommandName.Broadcast, CommandNames.Find("broadcat"u8));
        Assert.Equal(CommandName.QDelete, CommandNames.Find("qdelte"u8));
    }

    [Fact]
    public void Other_spellings_are_not() =>
        Assert.All(All, name =>
        {
            var right = Encoding.UTF8.GetString(CommandNames.Utf8Of(name));
            string[] wrong = [right.ToUpperInvariant(), right + "x", right[..^1] + "_", "_" + right[1..], ' ' + right];

            Assert.All(wrong, text =>
                Assert.Equal(CommandName.None, CommandNames.Find(Encoding.UTF8.GetBytes(text))));
        });
}
