using Microsoft.Extensions.Configuration;
using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Security;

namespace Signalbox.Hosting;

/// <summary>What Signalbox in one process is set to: its gateways, and the engine behind them.</summary>
public class SignalboxOptions : GatewayOptions
{
    public DataSettings Data { get; set; } = new();

    /// <summary>Options of channels; of several rules the first whose filter matches counts.</summary>
    public IList<ChannelSettings> Channels { get; set; } = [];

    public LimitSettings Limits { get; set; } = new();

    /// <summary>What these settings say of the engine.</summary>
    public EngineSetup ToSetup()
    {
        var usual = Data.Durability;
        var rules = new ChannelRules(
            [.. Channels.Select(channel => channel.ToRule(usual))],
            ChannelOptions.Default with { RetainedDurability = usual });
        return new EngineSetup(rules, Limits.ToLimits(), Data.ToDurability());
    }

    /// <summary>Takes what is set there, under the names that <c>docs/settings.md</c> lists.</summary>
    /// <exception cref="InvalidOperationException">A value cannot be read; the message says which.</exception>
    public void Read(IConfiguration configuration)
    {
        try
        {
            Bind(configuration);
        }
        catch (InvalidOperationException e) when (SettingProblem.Explain(e) is { } sentence)
        {
            throw new InvalidOperationException(sentence);
        }
    }

    public override IEnumerable<string> Validate()
    {
        foreach (var problem in base.Validate().Concat(Data.Validate()).Concat(Limits.Validate())) yield return problem;
        var remembered = LongestTimes.Validate(LongestTimes.Remembering, ("Limits:DedupeWindow", Limits.DedupeWindow));
        foreach (var tooLong in remembered) yield return tooLong;
        for (var i = 0; i < Channels.Count; i++)
        {
            var times = LongestTimes.Validate(
                LongestTimes.Remembering,
                ($"Channels:{i}: HistoryAge", Channels[i].HistoryAge ?? default),
                ($"Channels:{i}: RateWindow", Channels[i].RateWindow));
            foreach (var tooLong in times) yield return tooLong;
            if (Channels[i].Validate() is { } problem) yield return $"Channels:{i}: {problem}";
        }
    }

    private void Bind(IConfiguration configuration)
    {
        configuration.Bind(this);
        // The binder leaves out the elements of a list that it cannot read, without a word. One by one it says why.
        Channels = [.. configuration.GetSection("Channels").GetChildren().Select(ReadChannel)];
        // A key that is not understood must not be left out: with none the server would let anybody in.
        Security = configuration.GetSection("Security")
            .Get<SecurityOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new SecurityOptions();
    }

    private static ChannelSettings ReadChannel(IConfigurationSection section)
    {
        // The binder would take 'Users,Keys' and add up the two.
        foreach (var option in new[] { nameof(ChannelSettings.Publish), nameof(ChannelSettings.Subscribe) })
        {
            if (section[option] is not { } word || Enum.GetNames<Who>().Contains(word, StringComparer.OrdinalIgnoreCase)) continue;
            throw new InvalidOperationException($"{section.Path}:{option} is '{word}'; use Anyone, Users, Keys or Nobody.");
        }

        return section.Get<ChannelSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ChannelSettings();
    }
}
