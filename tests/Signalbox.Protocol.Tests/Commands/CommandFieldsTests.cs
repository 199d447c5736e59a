using System.Text;
using Signalbox.Protocol.Commands;

namespace Signalbox.Protocol.Tests.Commands;

public sealed class CommandFieldsTests
{
    private const string OnTheWire =
        "command key seq value since epoch id user expire ttl if by prefix cursor limit reverse block timeout reserve "
        + "delay priority receipt lease loop token name server_id worker_id compression retain encoding traceparent";

    private static readonly CommandField[] All = [.. Enum.GetValues<CommandField>().Skip(1)];

    [Fact]
    public void The_names_on_the_wire_are_these_and_no_others() =>
        Assert.Equal(OnTheWire.Split(' '), All.Select(CommandFields.NameOf));

    [Fact]
    public void Every_field_is_found_by_its_name() =>
        Assert.All(All, field =>
            Assert.Equal(field, CommandFields.Find(Encoding.UTF8.GetBytes(CommandFields.NameOf(field)))));

    [Fact]
    public void Headers_is_another_name_of_user() =>
        Assert.Equal(CommandField.User, CommandFields.Find("headers"u8));

    [Fact]
    public void Other_spellings_are_unknown() =>
        Assert.All(All, field =>
        {
            var name = CommandFields.NameOf(field);
            string[] wrong = [name.ToUpperInvariant(), name + "x", name[..^1] + "-", ' ' + name];

            Assert.All(wrong, text =>
                Assert.Equal(CommandField.None, CommandFields.Find(Encoding.UTF8.GetBytes(text))));
        });
}
