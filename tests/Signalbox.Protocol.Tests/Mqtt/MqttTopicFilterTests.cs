using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttTopicFilterTests
{
    // The examples of sections 4.7.1 and 4.8.2.
    [Theory]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("/+")]
    [InlineData("+/+")]
    [InlineData("/finance")]
    [InlineData("sport/tennis/player1/#")]
    [InlineData("+/tennis/#")]
    [InlineData("sport/+/player1")]
    [InlineData("$SYS/monitor/+")]
    [InlineData("$share")]
    [InlineData("$shared/a/b")]
    [InlineData("a//b")]
    public void A_good_filter_is_taken_as_it_is(string text)
    {
        Assert.Null(Read(MqttVersion.V5, text, out var filter));

        Assert.False(filter.IsShared);
        Assert.Equal(text, Text(filter.Filter));
        Assert.Equal(text, Text(filter.Text));
    }

    [Theory]
    [InlineData("sport/tennis#")]
    [InlineData("sport/tennis/#/ranking")]
    [InlineData("#/a")]
    [InlineData("##")]
    [InlineData("$share/g/a#")]
    public void MQTT_4_7_1_1_The_multi_level_wildcard_is_the_last_level(string text) =>
        Assert.Same(MqttErrors.FilterWildcard, Read(MqttVersion.V5, text, out _));

    [Theory]
    [InlineData("sport+")]
    [InlineData("+sport/a")]
    [InlineData("a/b+/c")]
    [InlineData("++")]
    [InlineData("a/+#")]
    [InlineData("$share/g/a+")]
    public void MQTT_4_7_1_2_The_single_level_wildcard_is_a_whole_level(string text) =>
        Assert.Same(MqttErrors.FilterWildcard, Read(MqttVersion.V5, text, out _));

    [Fact]
    public void MQTT_4_7_3_1_A_filter_has_a_character() =>
        Assert.Same(MqttErrors.FilterEmpty, Read(MqttVersion.V5, "", out _));

    [Theory]
    [InlineData("$share/consumer1/sport/tennis/+", "consumer1", "sport/tennis/+")]
    [InlineData("$share/g//finance", "g", "/finance")]
    [InlineData("$share/g/#", "g", "#")]
    [InlineData("$share/ü/a", "ü", "a")]
    public void A_shared_filter_has_a_group_and_a_filter(string text, string group, string filter)
    {
        foreach (var version in new[] { MqttVersion.V31, MqttVersion.V311, MqttVersion.V5 })
        {
            Assert.Null(Read(version, text, out var read));

            Assert.True(read.IsShared);
            Assert.Equal((group, filter, text), (Text(read.Group), Text(read.Filter), Text(read.Text)));
        }
    }

    [Theory]
    [InlineData("$share/")]
    [InlineData("$share//")]
    [InlineData("$share//a")]
    public void MQTT_4_8_2_1_A_share_name_has_a_character(string text) =>
        Assert.Same(MqttErrors.FilterShare, Read(MqttVersion.V5, text, out _));

    [Theory]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share/#/a")]
    [InlineData("$share/+/a")]
    [InlineData("$share/g+/a")]
    public void MQTT_4_8_2_2_A_share_name_has_no_wildcard_and_a_filter_follows_it(string text) =>
        Assert.Same(MqttErrors.FilterShare, Read(MqttVersion.V5, text, out _));

    [Theory]
    [InlineData("$share/g")]
    [InlineData("$share/+/a")]
    [InlineData("$share/#")]
    public void Before_5_0_what_only_looks_shared_is_an_ordinary_filter(string text)
    {
        Assert.Null(Read(MqttVersion.V311, text, out var filter));

        Assert.False(filter.IsShared);
        Assert.Equal(text, Text(filter.Filter));
    }

    private static MqttError? Read(MqttVersion version, string text, out MqttTopicFilter filter) =>
        MqttTopicFilter.Read(version, Bytes($"'{text}'"), out filter);
}
