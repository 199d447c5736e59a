using Microsoft.Extensions.Options;

namespace Signalbox.Client.Tests.Hosting;

public sealed class OptionsTests
{
    public static TheoryData<string, Action<SignalboxClientOptions>> Mistakes => new()
    {
        { "Endpoints: 'host:x'", options => options.Endpoints.Add("host:x") },
        { "ServerId and WorkerId", options => options.ServerId = 1 },
        { "ServerId must", options => (options.ServerId, options.WorkerId) = (0, 1) },
        { "WorkerId must", options => (options.ServerId, options.WorkerId) = (1, 65_536) },
        { "Name must", options => options.Name = "" },
        { "Name must", options => options.Name = new string('ü', 128) },
        { "DefaultChannels", options => options.DefaultChannels.Add("") },
        { "ReconnectDelay must", options => options.ReconnectDelay = TimeSpan.Zero },
        { "MaxReconnectDelay must", options => options.MaxReconnectDelay = TimeSpan.FromDays(50) },
        { "MaxReconnectDelay must not be below", options => options.MaxReconnectDelay = TimeSpan.FromSeconds(0.1) },
        { "ConnectTimeout must", options => options.ConnectTimeout = TimeSpan.Zero },
        { "CommandTimeout must", options => options.CommandTimeout = Timeout.InfiniteTimeSpan },
        { "MaxFrameBytes must", options => options.MaxFrameBytes = 10 },
        { "MaxReplyBytes must", options => options.MaxReplyBytes = int.MaxValue },
        { "SubscriptionCapacity must", options => options.SubscriptionCapacity = 0 },
        { "TimeProvider must", options => options.TimeProvider = null! },
        { "TargetHost", options => options.TargetHost = "host" },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_is_named(string name, Action<SignalboxClientOptions> make)
    {
        var options = new SignalboxClientOptions();
        make(options);

        var result = new SignalboxClientOptionsValidator().Validate(null, options);

        Assert.Contains(result.Failures ?? [], failure => failure.StartsWith(name, StringComparison.Ordinal));
        if (options.TimeProvider is not null) Assert.Throws<OptionsValidationException>(() => new SignalboxClient(options));
    }

    [Fact]
    public void The_defaults_work() =>
        Assert.True(new SignalboxClientOptionsValidator().Validate(null, new SignalboxClientOptions()).Succeeded);
}
