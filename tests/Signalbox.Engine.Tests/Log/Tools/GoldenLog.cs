using System.Reflection;
using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

/// <summary>A log directory with every kind of fact, as it was written once: files, and the lines of a dump.</summary>
internal static class GoldenLog
{
    private const string Prefix = "golden-log";
    private const string Lines = "entries.txt";

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The files as they are in the repository.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(int format) =>
        Resources(format).Where(file => file.Key != Lines).ToDictionary();

    public static string[] ExpectedLines(int format) =>
        System.Text.Encoding.UTF8.GetString(Resources(format)[Lines]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Writes it as it was written, with what writes logs today.</summary>
    public static SimulatedDisk Write()
    {
        var disk = new SimulatedDisk(seed: 1);
        var clock = new ManualClock();
        using (var log = new DiskLog(disk, clock, new LogOptions { SegmentBytes = 4096 }))
        {
            log.Read((long _, in LogEntry _, bool _) => { }, onProgress: null);
            Append(log, MachineKind.Channel, "rooms/1", EntryMark.None, Channels());
            Append(log, MachineKind.HashKey, "grün", EntryMark.None, Hashes());
            Append(log, MachineKind.Queue, "jobs", EntryMark.None, Queues());
            Append(log, MachineKind.User, "ann", EntryMark.None, Users());

            Append(log, MachineKind.MqttSession, "5f0e", EntryMark.None, Sessions());

            var from = log.LastPosition + 1;
            var before = log.ToldBytes;
            Append(log, MachineKind.Queue, "jobs", EntryMark.Told, Told());
            var segment = log.CurrentSegment!.Value; // It was written.
            log.Replace(new Checkpoint(segment, from, log.LastPosition, log.ToldBytes - before));

            var longer = new KeySet(Text(new string('x', 4000)), 9, null, null, default);
            Append(log, MachineKind.HashKey, "long", EntryMark.None, [longer]);
        }

        return disk;
    }

    private static ChannelFact[] Channels() =>
    [
        new ChannelOpened("5f0c"),
        new MessagePublished(Message(1), "once", Now),
        new MessagePublished(Message(2) with { Headers = Headers.None, Sender = "c1", Retain = true }, null, default),
        new PublishIdRemembered("once", 1, Now),
        new PublishIdForgotten("once"),
        new PublishIdsForgotten(Now),
        new HistoryExpired(1),
        new RetainedCleared(),
        new MemberJoined(new Member("c1", "n1", "127.0.0.1:5", "Ann", "ann", Now)),
        new MemberLeft("c1", LeaveReason.Expired),
        new NodeRenewed("n1", Now),
        new NodeLost("n1"),
        new ChannelRestored("5f0d", 2, Message(2)),
    ];

    private static HashFact[] Hashes() =>
    [
        new KeySet(Text("on"), 7, Now, "once", Now),
        new KeySet(new Payload(new byte[] { 0, 255 }, PayloadKind.Binary), 8, null, null, default),
        new KeyIdsForgotten(Now),
        new KeyRemoved(9, KeyRemovalReason.Expired),
    ];

    private static QueueFact[] Queues() =>
    [
        new QueueRestored(5),
        new ItemAdded(6, -1, Now, Now, Now, Text("work"), Headers.None, "once", Now),
        new ItemTaken(6, 1, 1, Now),
        new LeaseExtended(6, Now),
        new ItemReturned(6, 0, Now),
        new ItemBuried(6),
        new ItemRemoved(6, RemovalReason.Expired),
        new QueueCleared(QueuePart.Dead),
        new DedupeIdsForgotten(Now),
    ];

    private static UserFact[] Users() =>
    [
        new ConnectionOpened(new UserConnection("c1", "n1", "127.0.0.1:5", "tcp", "Ann", Now, null)),
        new ConnectionClosed("c1"),
        new UserNodeRenewed("n1", Now),
        new UserNodeLost("n1"),
        new RateSpent("publish", 3, Now, TimeSpan.FromMinutes(1)),
        new RateForgotten("publish", Now),
        new TokensRevoked("t1", Now, Now),
        new RevocationEnded("t1"),
    ];

    private static SessionWill Will() => new(
        "gone",
        Text("bye"),
        Headers.None,
        true,
        TimeSpan.FromSeconds(5),
        new WillAuthor("c1", "127.0.0.1:5", "ann", "ann", Who.Users, new TokenStamp("t1", Now)));

    private static MqttFact[] Sessions() =>
    [
        new SessionOpened("5f0e", "ann", "lamp", "127.0.0.1:5", 7, 2),
        new SessionConnected(10, TimeSpan.FromHours(1), Will()),
        new SubscriptionSet(new SessionSubscription("rooms/1", null, Quality.ExactlyOnce, true, true, 3)),
        new ReadTo("rooms/1", new ChannelPosition("5f0c", 1)),
        new MessageQueued(Waiting(Message(2), null), 0),
        new MessageQueued(Waiting(null, new ChannelPosition("5f0c", 2)), 1),
        new MessageExpired(),
        new MessageSent(8),
        new MessageSentAgain(8),
        new MessageReleased(8),
        new ReleaseSentAgain(8),
        new MessageCompleted(8),
        new MessageKept(9, Waiting(Message(3), null), IsReleased: true),
        new SharedGivenBack(IncludingSent: true),
        new PublishBegun(4, "rooms/1", 3),
        new PublishTaken(4),
        new PublishEnded(4),
        new SubscriptionRemoved("rooms/1"),
        new WillDone(IsPublished: true),
        new SessionDisconnected(Now, Now),
        new SessionEnded(),
    ];

    private static QueueFact[] Told() =>
    [
        new QueueRestored(6),
        new DedupeIdKept("once", 6, Now),
        new ItemKept(
            new QueueItem(6, -1, 1, Now, Now, Text("work"), Headers.None),
            QueuePart.Live, ItemState.Leased, Now, 1, true),
    ];

    private static void Append(DiskLog log, MachineKind kind, string name, EntryMark mark, object[] facts)
    {
        for (var i = 0; i < facts.Length; i++)
        {
            var marked = i == 0 ? mark | EntryMark.Begins : mark;
            log.Append(new LogEntry(kind, name, facts[i], marked, Core.Storage.Durability.Always));
        }

        Assert.True(log.Pump());
    }

    private static Message Message(long offset) =>
        new(
            offset,
            Now,
            new Payload("{}"u8.ToArray(), PayloadKind.Json),
            new Headers([KeyValuePair.Create("a", "b")]),
            "127.0.0.1:5",
            Sender: null,
            Retain: false);

    private static MqttMessage Waiting(Message? message, ChannelPosition? place) =>
        new("rooms/1", message, place, new MqttDelivery(Quality.ExactlyOnce, true, [3]), "$share/a/rooms/1", Now);

    private static Payload Text(string text) => Requests.Text(text);

    private static Dictionary<string, byte[]> Resources(int format)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = new Dictionary<string, byte[]>();
        var prefix = $"{Prefix}/{format}/";
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;

            using var stream = assembly.GetManifestResourceStream(name)!; // It is among the names.
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files.Add(name[prefix.Length..], bytes);
        }

        return files;
    }
}
