using System.Text.RegularExpressions;

namespace Signalbox.Server.Tests;

/// <summary>Every setting of docs/settings.md: a wrong value of it stops the start with a sentence that names it.</summary>
public sealed partial class SettingsTests
{
    // Any text may be right.
    private static readonly string[] Texts =
        ["Tcp:CertificatePassword", "Http:CertificatePassword", "Mqtt:CertificatePassword", "Security:Issuer", "Security:Audience"];

    // Each with a value that cannot be right, in the order of the page.
    private static readonly Dictionary<string, string> Wrong = new()
    {
        ["Tcp:Address"] = "everywhere", ["Tcp:Port"] = "70000", ["Tcp:Certificate"] = "/no/such/file",
        ["Tcp:CertificateKey"] = "/no/such/file", ["Tcp:MaxFrameBytes"] = "1", ["Tcp:MaxConnections"] = "0",
        ["Http:Address"] = "everywhere", ["Http:Port"] = "-1", ["Http:Certificate"] = "/no/such/file",
        ["Http:CertificateKey"] = "/no/such/file", ["Http:HeadersTimeout"] = "00:00:00", ["Http:MaxConnections"] = "0",
        ["Http:MaxBodyBytes"] = "1", ["Http:AllowedOrigins:0"] = "example.org", ["Http:AllowedHosts:0"] = "example.org:80",
        ["Mqtt:Address"] = "everywhere", ["Mqtt:Port"] = "70000", ["Mqtt:Certificate"] = "/no/such/file",
        ["Mqtt:CertificateKey"] = "/no/such/file", ["MqttTls:Address"] = "everywhere", ["MqttTls:Port"] = "8883",
        ["MqttTls:Certificate"] = "/no/such/file", ["Mqtt:MaxConnections"] = "0", ["Mqtt:MaxPacketBytes"] = "1",
        ["Mqtt:ReceiveMaximum"] = "0", ["Mqtt:MaxInFlight"] = "0", ["Mqtt:TopicAliasMaximum"] = "-1",
        ["Mqtt:MaxSentTopicAliases"] = "-1",
        ["Mqtt:MaxKeepAlive"] = "1.00:00:00", ["Mqtt:MaxSessionExpiry"] = "-00:00:01", ["Mqtt:MaxSessions"] = "0",
        ["Mqtt:MaxQueuedMessages"] = "0", ["Mqtt:MaxQueuedBytes"] = "0", ["Mqtt:MaximumQos"] = "3",
        ["Mqtt:RetainAvailable"] = "perhaps", ["Mqtt:WildcardsAvailable"] = "perhaps", ["Mqtt:SharedAvailable"] = "perhaps",
        ["Mqtt:FiguresInterval"] = "-00:00:01",
        ["Data:Directory"] = " ", ["Data:Ephemeral"] = "perhaps", ["Data:Durability"] = "Often", ["Data:Hash"] = "Often",
        ["Data:Queue"] = "Often", ["Data:User"] = "Often", ["Data:MqttSession"] = "Often",
        ["Data:FlushInterval"] = "00:00:00", ["Data:SegmentBytes"] = "1000",
        ["WebSockets:MaxMessageBytes"] = "1", ["WebSockets:Compress"] = "perhaps", ["WebSockets:CompressFrom"] = "0",
        ["Sse:Heartbeat"] = "-00:00:01", ["Sse:Retry"] = "00:00:00", ["Sse:ReconnectSpread"] = "-00:00:01", ["Sse:MaxIdBytes"] = "1",
        ["Transport"] = "Pigeons", ["MaxConnections"] = "-1", ["Insecure"] = "perhaps",
        ["Security:Keys:0:Algorithm"] = "HS265", ["Security:ApiKeys:0:Name"] = "a", ["Security:Anonymous:Publish:0"] = "a#",
        ["Security:ClockSkew"] = "-00:00:01", ["Security:MaxTokenAge"] = "00:00:00", ["Security:HelloTimeout"] = "00:00:00",
        ["Hooks:Connect"] = "backend", ["Hooks:Subscribe"] = "ftp://a", ["Hooks:Publish"] = "/a", ["Hooks:Notify"] = "a b",
        ["Hooks:SubscribeChannels:0"] = "a/#/b", ["Hooks:PublishChannels:0"] = "a/#/b", ["Hooks:NotifyChannels:0"] = "a/#/b",
        ["Hooks:Timeout"] = "00:00:00", ["Hooks:WhenDown"] = "Wait", ["Hooks:MaxInFlight"] = "0", ["Hooks:MaxAnswerBytes"] = "0",
        ["Hooks:Secret"] = "short", ["Hooks:SecretFile"] = "/no/such/file", ["Hooks:MaxWaiting"] = "0", ["Hooks:BatchSize"] = "0",
        ["Telemetry:Otlp"] = "collector:4318", ["Telemetry:Protocol"] = "json",
        ["GracePeriod"] = "-00:00:01",
        ["Session:MaxOutboundBytes"] = "0", ["Session:MaxSubscriptions"] = "0", ["Session:MaxBlockedPops"] = "0",
        ["Session:MaxKeys"] = "0", ["Session:MaxPending"] = "0", ["Session:MaxListed"] = "0", ["Session:MaxListedBytes"] = "0", ["Session:MaxHeaders"] = "0",
        ["Session:PingInterval"] = "00:00:00", ["Session:IdleTimeout"] = "00:00:00", ["Session:CloseTimeout"] = "00:00:00",
        ["Session:CommandsPerSecond"] = "-1", ["Session:BytesPerSecond"] = "-1",
        ["Session:PerUser:CommandsPerSecond"] = "-1", ["Session:PerUser:BytesPerSecond"] = "-1",
        ["Session:PerAddress:CommandsPerSecond"] = "-1", ["Session:PerAddress:BytesPerSecond"] = "-1",
        ["Session:MaxConnectionsPerAddress"] = "-1",
        ["Limits:MaxUserConnections"] = "0", ["Limits:MaxChannels"] = "0", ["Limits:MaxKeys"] = "0", ["Limits:MaxQueues"] = "0",
        ["Limits:MaxRecovered"] = "0", ["Limits:MaxMembers"] = "0", ["Limits:MaxValueBytes"] = "0", ["Limits:MaxItems"] = "0",
        ["Limits:MaxItemBytes"] = "0", ["Limits:MaxAttempts"] = "0", ["Limits:MaxWaiters"] = "0", ["Limits:DedupeWindow"] = "00:00:00",
        ["Channels:0:HistorySize"] = "-1", ["Channels:0:HistoryAge"] = "00:00:00", ["Channels:0:Retain"] = "perhaps",
        ["Channels:0:Durability"] = "Often", ["Channels:0:Presence"] = "perhaps", ["Channels:0:JoinLeave"] = "perhaps",
        ["Channels:0:MaxPayloadBytes"] = "-1", ["Channels:0:RefuseBlank"] = "perhaps", ["Channels:0:RequireJson"] = "perhaps",
        ["Channels:0:RateLimit"] = "-1", ["Channels:0:RateWindow"] = "00:00:00", ["Channels:0:Publish"] = "Everybody", ["Channels:0:Subscribe"] = "7",
        ["Channels:0:SlowReader"] = "Wait",
    };

    // The settings that are times, with a value that no timer takes, or that leads beyond the calendar.
    private static readonly string[] Times =
    [
        "Http:HeadersTimeout", "Data:FlushInterval", "Sse:Heartbeat", "Sse:Retry", "Sse:ReconnectSpread", "Security:ClockSkew",
        "Security:MaxTokenAge", "Security:HelloTimeout", "Hooks:Timeout", "GracePeriod", "Session:PingInterval",
        "Session:IdleTimeout", "Session:CloseTimeout", "Limits:DedupeWindow", "Channels:0:HistoryAge", "Channels:0:RateWindow",
        "Mqtt:MaxKeepAlive", "Mqtt:MaxSessionExpiry", "Mqtt:FiguresInterval",
    ];

    public static TheoryData<string> TimeCases => [.. Times];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (setting, value) in Wrong) cases.Add(setting, value);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_wrong_value_is_said_in_one_sentence_that_names_the_setting(string setting, string value)
    {
        string[] others = setting.StartsWith("Channels", StringComparison.Ordinal) ? ["--Channels:0:Filter=a"] : [];

        var problem = Assert.Single(ProblemsOf([$"--{setting}={value}", .. others]));

        // Of a list the sentence names the list, and of a rule its place.
        var named = setting.Split(":0")[0] == "Channels" ? [setting[..10], setting[11..]] : new[] { setting.Split(":0")[0] };
        Assert.All(named, part => Assert.Contains(Shortened(part), problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--Tcp:Port=many", "Tcp:Port is 'many'; use a whole number.")]
    [InlineData("--Insecure=perhaps", "Insecure is 'perhaps'; use true or false.")]
    [InlineData("--GracePeriod=soon", "GracePeriod is 'soon'; use a time such as 00:00:10.")]
    [InlineData("--Hooks:WhenDown=Wait", "Hooks:WhenDown is 'Wait'; use one of Deny, Allow.")]
    [InlineData("--Security:Keyz=1", "There is no setting 'Keyz' in Security: see docs/settings.md for those that there are.")]
    [InlineData("--Channels:0:Fliter=a", "There is no setting 'Fliter' in Channels: see docs/settings.md for those that there are.")]
    public void It_says_what_would_be_right(string argument, string sentence) =>
        Assert.Equal(sentence, Assert.Single(ProblemsOf([argument])).Trim());

    [Theory]
    [MemberData(nameof(TimeCases))]
    public void A_time_that_is_far_too_long_stops_the_start_with_a_sentence(string setting)
    {
        string[] others = setting.StartsWith("Channels", StringComparison.Ordinal) ? ["--Channels:0:Filter=a"] : [];

        var problem = Assert.Single(ProblemsOf([$"--{setting}=10000000.00:00:00", .. others]));

        Assert.Contains(setting.Split(':')[^1], problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_with_a_wrong_time_has_one_that_is_too_long_here() =>
        Assert.Empty(Wrong.Where(one => one.Value.Contains("00:00:0", StringComparison.Ordinal)).Select(one => one.Key).Except(Times));

    [Fact]
    public void Every_setting_of_the_page_has_a_wrong_value_here()
    {
        var known = Wrong.Keys.Concat(Texts).Select(name => name.Replace("Channels:0:", "", StringComparison.Ordinal)).ToList();

        var missing = Documented().Where(name => !known.Exists(one => one == name || one.StartsWith(name + ":", StringComparison.Ordinal)));

        Assert.Empty(missing);
    }

    [Fact]
    public void What_is_right_starts_without_a_word() => Assert.Empty(ProblemsOf([]));

    [Theory]
    [InlineData("Tcp")]
    [InlineData("Http")]
    [InlineData("Mqtt")]
    [InlineData("MqttTls")]
    public void A_certificate_does_not_open_a_port_to_other_machines(string section)
    {
        // Any file will do: it is read when the port opens, and this port must not.
        string[] port = [$"--{section}:Port=9", $"--{section}:Certificate={typeof(SettingsTests).Assembly.Location}"];

        Assert.Empty(ProblemsOf(port));
        var problem = Assert.Single(ProblemsOf([.. port, $"--{section}:Address=0.0.0.0"]));
        Assert.Contains($"{section}:Address 0.0.0.0", problem, StringComparison.Ordinal);
        Assert.Contains("a certificate encrypts, it does not authenticate", problem, StringComparison.Ordinal);
        Assert.Empty(ProblemsOf([.. port, $"--{section}:Address=0.0.0.0", "--insecure"]));
        Assert.Empty(ProblemsOf(
            [.. port, $"--{section}:Address=0.0.0.0", "--Security:ApiKeys:0:Name=shop", "--Security:ApiKeys:0:Key=a key that is long enough to be one"]));
    }

    private static string Shortened(string name) => name == "Security:Anonymous:Publish" ? "Security:Anonymous" : name;

    private static string[] ProblemsOf(string[] arguments)
    {
        try
        {
            return [.. ServerApp.ReadOptions(arguments).Validate()];
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or InvalidDataException)
        {
            return [$"{e.Message} {e.InnerException?.Message}"];
        }
    }

    private static IEnumerable<string> Documented()
    {
        var page = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "settings.md"));
        return from line in page
               where line.StartsWith("| `", StringComparison.Ordinal)
               from Match name in Name().Matches(line.Split('|')[1])
               // Those are a silo's own, and unknown to a server.
               where !name.Groups[1].Value.StartsWith("Cluster:", StringComparison.Ordinal)
               select name.Groups[1].Value;
    }

    [GeneratedRegex("`([A-Z][A-Za-z:]+)`")]
    private static partial Regex Name();
}
