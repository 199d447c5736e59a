using System.Text;
using Signalbox.Protocol.Commands;

namespace Signalbox.Protocol.Tests.Commands;

/// <summary>Writes commands as text and asks for texts back.</summary>
internal static class CommandDriver
{
    public static CommandReadStatus Read(this Command command, string json) =>
        command.Read(Encoding.UTF8.GetBytes(json));

    /// <summary>A command that was read without an error.</summary>
    public static Command Good(string json)
    {
        var command = new Command();
        Assert.Equal(CommandReadStatus.Ok, command.Read(json));
        return command;
    }

    /// <summary>A good command with these fields beside its name.</summary>
    public static Command With(string fields) => Good($$"""{"command":"set",{{fields}}}""");

    public static string Text(this ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    public static string[] KeyTexts(this Command command)
    {
        List<string> texts = [];
        foreach (var key in command.Keys) texts.Add(key.Text());
        return [.. texts];
    }
}
