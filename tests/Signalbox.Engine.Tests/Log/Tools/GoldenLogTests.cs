using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Tools;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

/// <summary>A log that was written once is read for ever, and nobody changes its format without meaning to.</summary>
public sealed class GoldenLogTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(SegmentHeader.CurrentVersion)]
    public void The_log_in_the_repository_is_read_to_exactly_what_was_written(int format)
    {
        var disk = new SimulatedDisk(seed: 1);
        foreach (var (name, bytes) in GoldenLog.Files(format)) disk.Rewrite(name, bytes);

        Assert.Equal(GoldenLog.ExpectedLines(format), Dump(disk));
        Assert.True(LogCheck.Run(disk) is { IsGood: true, WasClosed: true, Torn: null });
        var counted = new List<long>();
        new LogReader(disk, (long position, in LogEntry _, bool _) => counted.Add(position), onProgress: null).Read();
        Assert.Equal([56L, 57L, 58L, 59L], counted);
    }

    [Fact]
    public void The_log_is_written_byte_for_byte_as_the_one_in_the_repository()
    {
        var disk = GoldenLog.Write();
        var written = disk.Files().ToDictionary(name => name, disk.Content);

        var files = GoldenLog.Files(SegmentHeader.CurrentVersion);

        var isSame = files.Count == written.Count
            && files.All(file => written.GetValueOrDefault(file.Key).AsSpan().SequenceEqual(file.Value));
        Assert.True(
            isSame,
            $"""
            The log is not written as it was, and older versions cannot read it. If the change is meant: raise
            SegmentHeader.CurrentVersion, keep reading Golden/Log/2, and put these files (base64) into Golden/Log/3:
            {string.Join('\n', written.Select(file => $"{file.Key} {Convert.ToBase64String(file.Value)}"))}
            entries.txt
            {string.Join('\n', Dump(disk))}
            """);
    }

    [Fact]
    public void Every_fact_is_in_it()
    {
        var families = new[] { typeof(ChannelFact), typeof(HashFact), typeof(QueueFact), typeof(UserFact), typeof(MqttFact) };
        var facts = families.SelectMany(family => family.Assembly.GetTypes().Where(type => type.IsSubclassOf(family)));

        var told = GoldenLog.ExpectedLines(SegmentHeader.CurrentVersion).Select(line => line.Split(' ')[4]);

        Assert.Empty(facts.Select(fact => fact.Name).Except(told));
    }

    private static List<string> Dump(SimulatedDisk disk)
    {
        var lines = new List<string>();
        LogDump.Run(disk, new DumpFilter(), showsPayloads: true, lines.Add);
        return lines;
    }
}
