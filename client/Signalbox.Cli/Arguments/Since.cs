using System.CommandLine;
using Signalbox.Client;

namespace Signalbox.Cli.Arguments;

/// <summary>A place in a channel, in two options.</summary>
internal sealed class Since
{
    public Since(string description)
    {
        Offset = Named.AtLeast("--since", 0, description);
        Epoch = new Option<string?>("--epoch") { Description = "The epoch that the offset is of; without it any.", HelpName = "epoch" };
    }

    public Option<long?> Offset { get; }

    public Option<string?> Epoch { get; }

    /// <summary>Adds the rule that an epoch means nothing without an offset.</summary>
    public void AddRuleTo(Command command) => command.Validators.Add(result =>
    {
        var isComplete = result.GetValue(Epoch) is null || result.GetValue(Offset) is not null;
        if (!isComplete) result.AddError("--epoch says which --since is meant; give both.");
    });

    public ChannelPosition? Of(ParseResult parsed) =>
        parsed.GetValue(Offset) is { } offset ? new ChannelPosition(parsed.GetValue(Epoch) ?? "", offset) : null;
}
