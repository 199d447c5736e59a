using Signalbox.Core.Channels;

namespace Signalbox.Core.Tests.Channels;

/// <summary>
/// One byte is one operation, done to the channel and to the model: three bits say which, five are its argument.
/// </summary>
internal sealed class ChannelScript
{
    public static readonly string[] Ids = ["i0", "i1", "i2", "i3"];
    public static readonly string[] Nodes = ["n0", "n1", "n2"];

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Small, so that a short script reaches every limit.
    private static readonly ChannelOptions Options = new() { HistorySize = 5, HistoryAge = 9 * Second };
    private static readonly ChannelLimits Limits = new() { MaxMembers = 3, MaxIds = 3, DedupeWindow = 6 * Second };

    public ChannelDriver Driver { get; } = new(Options, Limits);

    public ChannelModel Model { get; } = new(Options, Limits);

    public static ChannelDriver Run(byte[] codes)
    {
        var script = new ChannelScript();
        foreach (var code in codes) script.Do(code);
        return script.Driver;
    }

    public void Do(byte code)
    {
        var argument = code >> 3;
        switch (code & 7)
        {
            case 0:
                Publish($"m{argument}", retain: false, id: null);
                break;

            case 1:
                Publish($"m{argument}", retain: false, Ids[argument % Ids.Length]);
                break;

            case 2:
                Publish(argument % 4 == 0 ? "" : $"m{argument}", retain: argument % 2 == 0, id: null);
                break;

            case 3:
                Driver.Pass(argument % 8 * Second);
                Model.Pass(argument % 8 * Second);
                break;

            case 4:
                var member = ChannelDriver.Member($"c{argument % 5}", Nodes[argument % 3], argument > 20 ? "Ada" : null)
                    with { Since = Driver.Now };
                Assert.Equal(Model.Join(member), Driver.Join(member));
                break;

            case 5:
                Assert.Equal(Model.Leave($"c{argument % 5}"), Driver.Leave($"c{argument % 5}"));
                break;

            case 6:
                Driver.Renew(Nodes[argument % 3], argument / 3 * Second);
                Model.Renew(Nodes[argument % 3], argument / 3 * Second);
                break;

            default:
                DoSeldom(argument);
                break;
        }
    }

    private void DoSeldom(int argument)
    {
        switch (argument % 3)
        {
            case 0:
                Assert.Equal(Model.Lose(Nodes[argument / 3 % 3]), Driver.Lose(Nodes[argument / 3 % 3]));
                break;

            case 1:
                Driver.ClearRetained();
                Model.ClearRetained();
                break;

            default:
                Driver.PassAsleep(argument / 3 * Second);
                Model.PassAsleep(argument / 3 * Second);
                break;
        }
    }

    private void Publish(string text, bool retain, string? id)
    {
        var refusal = Driver.TryPublish(ChannelDriver.Text(text), out var offset, retain, id);

        Assert.Equal(Model.Publish(text, retain, id), (refusal, offset));
    }
}
