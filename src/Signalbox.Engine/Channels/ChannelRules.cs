using System.Collections.Immutable;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;

namespace Signalbox.Engine.Channels;

/// <summary>Which options a channel has: those of the first filter that matches its name, else the default.</summary>
public sealed class ChannelRules(ImmutableArray<ChannelRule> rules, ChannelOptions fallback)
{
    public static readonly ChannelRules Default = new([], ChannelOptions.Default);

    private readonly ChannelRule _fallback = new("#", fallback);
    private readonly bool _isOpenToPublish = rules.All(rule => rule.Options.Publish == Who.Anyone);
    private readonly bool _isOpenToSubscribe = rules.All(rule => rule.Options.Subscribe == Who.Anyone);

    public ChannelOptions For(string channel) => RuleFor(channel).Options;

    public ChannelRule RuleFor(string channel)
    {
        foreach (var rule in rules)
        {
            if (ChannelFilter.Matches(rule.Filter, channel)) return rule;
        }

        return _fallback;
    }

    /// <returns>The rule by which this one may not publish to the channel; null where there is none.</returns>
    public ChannelRule? AgainstPublishing(Who who, string channel) =>
        !_isOpenToPublish && RuleFor(channel) is var rule && who < rule.Options.Publish ? rule : null;

    /// <returns>The rule by which this one may not subscribe; null where there is none.</returns>
    /// <remarks>Of a filter every rule counts that it reaches into: whoever may not read all of that gets none of it, so
    /// that no message has to be asked about. Only behind a rule that has all of the filter no other is looked at.</remarks>
    public ChannelRule? AgainstSubscribing(Who who, string channelOrFilter)
    {
        if (_isOpenToSubscribe) return null;

        foreach (var rule in rules)
        {
            if (!ChannelFilter.Overlap(rule.Filter, channelOrFilter)) continue;
            if (who < rule.Options.Subscribe) return rule;
            if (ChannelFilter.Covers(rule.Filter, channelOrFilter)) return null;
        }

        return null;
    }
}
