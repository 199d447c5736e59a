using Signalbox.Silo;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>A setting that is wrong stops the start with a sentence that says what would be right.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Cluster:Redis", "", "use for example localhost:6379")]
    [InlineData("Cluster:Id", " ", "use a name such as signalbox")]
    [InlineData("Cluster:Address", "0.0.0.0", "use this machine's, such as 10.0.0.5")]
    [InlineData("Cluster:Address", "10.0.0.5", "without Cluster:Redis no other silo finds this one")]
    [InlineData("Cluster:SiloPort", "0", "use 1 to 65535")]
    [InlineData("Cluster:ClientPort", "65536", "use 1 to 65535, or 0 for none")]
    [InlineData("Cluster:ProbeInterval", "00:02:00", "use 00:00:00.1 to 00:01:00")]
    [InlineData("Cluster:MissedProbes", "0", "use 1 to 100")]
    [InlineData("Cluster:Votes", "101", "use 1 to 100")]
    [InlineData("Data:Directory", "somewhere", "Data:Directory is not for silos")]
    [InlineData("Data:Ephemeral", "true", "--ephemeral is not for silos")]
    [InlineData("Data:Durability", "Interval", "Data:Durability is not for silos")]
    [InlineData("Data:Hash", "None", "Data:Hash is not for silos")]
    [InlineData("Data:Queue", "None", "Data:Queue is not for silos")]
    [InlineData("Data:User", "None", "Data:User is not for silos")]
    [InlineData("Data:MqttSession", "None", "Data:MqttSession is not for silos")]
    [InlineData("Data:FlushInterval", "00:00:01", "Data:FlushInterval is not for silos")]
    [InlineData("Data:SegmentBytes", "1048576", "Data:SegmentBytes is not for silos")]
    [InlineData("Limits:MaxChannels", "7", "Limits:MaxChannels is not for silos")]
    public void A_wrong_setting_is_said_with_what_would_be_right(string name, string value, string sentence)
    {
        var problems = SiloApp.ReadOptions([$"--{name}={value}"]).Validate();

        Assert.Contains(problems, problem => problem.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_right_starts_without_a_word() => Assert.Empty(SiloApp.ReadOptions([]).Validate());

    [Fact]
    public void A_password_of_Redis_is_not_repeated()
    {
        string[] arguments = ["--Cluster:Redis=localhost:6379,password=hunter2,nonsense=1"];

        var problems = SiloApp.ReadOptions(arguments).Validate().ToList();

        Assert.NotEmpty(problems);
        Assert.DoesNotContain(problems, problem => problem.Contains("hunter2", StringComparison.Ordinal));
    }
}
