using System.Collections.Immutable;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;

namespace Signalbox.Engine.Channels;

/// <summary>Which options a channel has: those of the first filter that matches its name, else the default.</summary>
public sealed class ChannelRules(ImmutableArray<ChannelRule> rules, ChannelOptions fallback)
{
    public static readonly ChannelRules Default = new([], ChannelOptions.Default);

    private readonly ChannelRule _fallback = new("#", fallback);

    public ChannelOptions For(string channel) => RuleFor(channel).Options;

    public ChannelRule RuleFor(string channel)
    {
        foreach (var rule in rules)
        {
            if (ChannelFilter.Matches(rule.Filter, channel)) return rule;
        }

        return _fallback;
    }
}
