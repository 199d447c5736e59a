using System.Globalization;
using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Gateways.Tests.Driving;
using static Signalbox.Gateways.Tests.BadInput.BadCase;

namespace Signalbox.Gateways.Tests.BadInput;

/// <summary>Every kind of bad input to the dispatcher's port, by chapter. The page docs/bad-input.md is made of it.</summary>
internal static class BadInputTable
{
    private const string Introduction =
        """
        # Bad input

        What the dispatcher's port does with what it cannot do. A test (`tests/Signalbox.Gateways.Tests/BadInput`) sends
        every line to a server, checks the code and whether the connection goes on, and that another connection is
        unharmed. This page is that test's table.

        A limit is an option of the server. So that a line can reach it, the limits here are low: 3 keys in a command, 4
        subscriptions and 2 blocked pops of a connection, 2 headers, 8 entries listed, 3 hash keys, 2 queues of 2 items with
        3 poppers waiting, 8 channels, 32 bytes in a value or item, 16 bytes in a message on `small`, 1 member on `alone`.


        """;

    public static readonly IReadOnlyList<(string Title, BadCase[] Rows)> Chapters =
    [
        ("Frames", Frames()),
        ("Bodies", Bodies()),
        ("Keys", Keys()),
        ("Values", [.. Values()]),
        ("Other fields", Fields()),
        ("Limits", Bounds()),
        ("Conditions", Conditions()),
    ];

    /// <summary>A gateway whose limits are low enough to be reached by one line.</summary>
    public static void Plan(HostPlan plan)
    {
        plan.Session.MaxKeys = 3;
        plan.Session.MaxSubscriptions = 4;
        plan.Session.MaxBlockedPops = 2;
        plan.Session.MaxHeaders = 2;
        plan.Session.MaxListed = 8;
        plan.Limits = plan.Limits with
        {
            MaxKeys = 3,
            MaxQueues = 2,
            MaxChannels = 8,
            Hash = new HashLimits { MaxValueBytes = 32 },
            Queue = new QueueLimits { MaxItems = 2, MaxPayloadBytes = 32, MaxWaiters = 3 },
            Channel = new ChannelLimits { MaxMembers = 1 },
        };
        plan.Rule("small", new ChannelOptions { MaxPayloadBytes = 16 });
        plan.Rule("json", new ChannelOptions { RequireJson = true });
        plan.Rule("visible", new ChannelOptions { RefuseBlank = true });
        plan.Rule("rated", new ChannelOptions { RateLimit = 1 });
        plan.Rule("alone", new ChannelOptions());
        plan.Rule("#", new ChannelOptions { Presence = false });
    }

    public static string ToMarkdown()
    {
        var text = new StringBuilder(Introduction);
        foreach (var (title, rows) in Chapters)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| What | For example | Code | Connection |\n| --- | --- | --- | --- |\n");
            foreach (var row in rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.What} | `{row.Shown}` | {row.Code} | {(row.Closes ? "closes" : "goes on")} |\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static BadCase[] Frames() =>
    [
        Raw("A length that does not count itself", "00 00 00 00", 760, [0, 0, 0, 0]),
        Raw("A length without a body", "00 00 00 04", 760, [0, 0, 0, 4]),
        Raw("A length above the limit of 1 MiB", "00 10 00 01", 740, [0, 0x10, 0, 1]),
        Raw("A length of 1 GiB", "40 00 00 00", 740, [0x40, 0, 0, 0]),
        Raw("A negative length", "80 00 00 00", 740, [0x80, 0, 0, 0]),
        Raw("Another protocol", "GET / HTTP/1.1", 740, Utf8("GET / HTTP/1.1\r\n\r\n")),
        Raw("A length that cuts the body short", "00 00 00 06 {\"seq\":1}", 760, [0, 0, 0, 6, .. Utf8("{\"seq\":1}")]),
    ];

    private static BadCase[] Bodies() =>
    [
        Body("No JSON", "hello", 760, closes: true),
        Body("No object", "[]", 760, closes: true),
        Body("No object", "\"ping\"", 760, closes: true),
        Body("No object", "null", 760, closes: true),
        Body("Half an object", """{"command":"ping","seq":1""", 760, closes: true),
        Body("More than an object", """{"command":"ping","seq":1}{}""", 760, closes: true),
        Body("A comment", """{"command":"ping",/* */"seq":1}""", 760, closes: true),
        Binary("No UTF-8", """{"command":"ping","seq":"\xff"}""", [.. "{\"command\":\"ping\",\"seq\":\""u8, 0xff, .. "\"}"u8]),
        Binary("A byte order mark", """EF BB BF {"command":"ping","seq":1}""", [0xEF, 0xBB, 0xBF, .. """{"command":"ping","seq":1}"""u8]),
        Binary("Nested more than 64 deep", """{"a":[[[…]]]}""", Utf8($"{{\"a\":{new string('[', 64)}{new string(']', 64)}}}")),
        Body("Nothing in it", "{}", 730),
        Body("No command", """{"seq":1}""", 710),
        Body("A command that is no text", """{"command":1,"seq":1}""", 710),
        Body("An empty command", """{"command":"","seq":1}""", 710),
        Body("An unknown command", """{"command":"fly","seq":1}""", 720),
        Body("A command in capitals", """{"command":"PING","seq":1}""", 720),
        Body("No seq", """{"command":"ping"}""", 750),
        Body("An empty seq", """{"command":"ping","seq":""}""", 750),
        Body("A seq that is null", """{"command":"ping","seq":null}""", 750),
        Body("A seq that is an object", """{"command":"ping","seq":{}}""", 760),
    ];

    private static BadCase[] Keys() =>
    [
        Field("No key", 760, "get", ""),
        Field("A key that is null", 760, "get", "\"key\":null"),
        Field("A key that is an object", 770, "get", "\"key\":{}"),
        Field("A key that is true", 770, "get", "\"key\":true"),
        Field("A key that is no whole number", 770, "get", "\"key\":1.5"),
        Field("An array where there can be but one", 770, "get", "\"key\":[\"a\"]"),
        Field("An array with something else in it", 770, "subscribe", "\"key\":[\"a\",{}]"),
        Field("An empty key", 770, "get", "\"key\":\"\""),
        Field("A control character", 770, "get", "\"key\":\"a\\u0007\""),
        Field("Half a surrogate pair", 770, "get", "\"key\":\"\\ud800\""),
        Field("256 bytes", 770, "get", $"\"key\":\"{new string('k', 256)}\""),
        Field("One bad key among good ones", 770, "publish", "\"key\":[\"a\",\"\"],\"value\":1"),
        Field("A filter to publish to", 770, "publish", "\"key\":\"a/+\",\"value\":1"),
        Field("A filter among channels to publish to", 770, "publish", "\"key\":[\"a\",\"b/#\"],\"value\":1"),
        Field("A filter that is none", 770, "subscribe", "\"key\":\"a/#/b\""),
        Field("A filter that is none", 770, "subscribe", "\"key\":\"a+/b\""),
        Field("A name of the system's", 403, "publish", "\"key\":\"$x\",\"value\":1"),
        Field("A name of the system's", 403, "set", "\"key\":\"$x\",\"value\":1"),
        Field("A name of the system's", 403, "qpush", "\"key\":\"$dead/x\",\"value\":1"),
        Field("A name of the system's", 403, "qpop", "\"key\":\"$x\""),
        Field("The dead letters of no queue", 403, "qpop", "\"key\":\"$dead/\""),
    ];

    private static IEnumerable<BadCase> Values()
    {
        foreach (var command in new[] { "publish", "broadcast", "set", "qpush" })
        {
            yield return Field("No value", 760, command, "\"key\":\"k\"");
            yield return Field("A value that is null", 760, command, "\"key\":\"k\",\"value\":null");
            yield return Field("A value that is no base64", 760, command, "\"key\":\"k\",\"value\":\"*\",\"encoding\":\"base64\"");
            yield return Field("An unknown encoding", 760, command, "\"key\":\"k\",\"value\":\"x\",\"encoding\":\"hex\"");
        }
    }

    private static BadCase[] Fields() =>
    [
        Field("Headers that are no object", 760, "publish", "\"key\":\"k\",\"value\":1,\"user\":[]"),
        Field("Headers that are no texts", 760, "qpush", "\"key\":\"k\",\"value\":1,\"user\":{\"a\":1}"),
        Field("Neither true nor false", 760, "publish", "\"key\":\"k\",\"value\":1,\"retain\":1"),
        Field("Neither true nor false", 760, "broadcast", "\"value\":1,\"loop\":\"true\""),
        Field("Neither true nor false", 760, "qpop", "\"key\":\"k\",\"block\":1"),
        Field("Neither true nor false", 760, "history", "\"key\":\"k\",\"reverse\":0"),
        Field("An id that is no text", 760, "publish", "\"key\":\"k\",\"value\":1,\"id\":1"),
        Field("An id that is no text", 760, "set", "\"key\":\"k\",\"value\":1,\"id\":[]"),
        Field("An id that is no text", 760, "incr", "\"key\":\"k\",\"id\":{}"),
        Field("An id of 256 bytes", 760, "qpush", $"\"key\":\"k\",\"value\":1,\"id\":\"{new string('i', 256)}\""),
        Field("A time that is text", 760, "set", "\"key\":\"k\",\"value\":1,\"ttl\":\"1\""),
        Field("A negative time", 760, "set", "\"key\":\"k\",\"value\":1,\"ttl\":-1"),
        Field("A time of more than a thousand years", 760, "set", "\"key\":\"k\",\"value\":1,\"ttl\":31536000000001"),
        Field("A moment after the year 9999", 760, "set", "\"key\":\"k\",\"value\":1,\"expire\":253402300800"),
        Field("A negative moment", 760, "set", "\"key\":\"k\",\"value\":1,\"expire\":-1"),
        Field("A condition that is none", 760, "set", "\"key\":\"k\",\"value\":1,\"if\":\"maybe\""),
        Field("A condition of a wrong type", 760, "delete", "\"key\":\"k\",\"if\":true"),
        Field("A negative version", 760, "delete", "\"key\":\"k\",\"if\":-1"),
        Field("No whole number", 760, "incr", "\"key\":\"k\",\"by\":1.5"),
        Field("More than 64 bits", 760, "incr", "\"key\":\"k\",\"by\":9223372036854775808"),
        Field("A priority of more than 32 bits", 760, "qpush", "\"key\":\"k\",\"value\":1,\"priority\":2147483648"),
        Field("A negative delay", 760, "qpush", "\"key\":\"k\",\"value\":1,\"delay\":-1"),
        Field("A delay of more than a year", 760, "qpush", "\"key\":\"k\",\"value\":1,\"delay\":31536000001"),
        Field("A timeout that is text", 760, "qpop", "\"key\":\"k\",\"block\":true,\"timeout\":\"1\""),
        Field("A lease of no time", 760, "qpop", "\"key\":\"k\",\"reserve\":0"),
        Field("A lease of more than 12 hours", 760, "qpop", "\"key\":\"k\",\"reserve\":43200001"),
        Field("No receipt", 760, "qack", "\"key\":\"k\""),
        Field("A receipt that is none", 760, "qnack", "\"key\":\"k\",\"receipt\":\"x\""),
        Field("A receipt that is no text", 760, "qextend", "\"key\":\"k\",\"receipt\":1,\"reserve\":1"),
        Field("No time to extend by", 760, "qextend", "\"key\":\"k\",\"receipt\":\"1-1\""),
        Field("A negative offset", 760, "subscribe", "\"key\":\"k\",\"since\":-1"),
        Field("An offset that is text", 760, "subscribe", "\"key\":\"k\",\"since\":\"1\""),
        Field("An epoch that is no text", 760, "subscribe", "\"key\":\"k\",\"since\":1,\"epoch\":1"),
        Field("An offset that is text, by channel", 760, "subscribe", "\"key\":[\"k\"],\"since\":{\"k\":\"1\"}"),
        Field("An epoch that is no text, by channel", 760, "subscribe", "\"key\":[\"k\"],\"since\":{\"k\":1},\"epoch\":{\"k\":1}"),
        Field("A channel that is no text", 760, "subscribe", "\"key\":[\"k\"],\"since\":{\"\\ud800\":1}"),
        Field("An epoch that is no text after all", 760, "subscribe", "\"key\":[\"k\"],\"since\":{\"k\":1},\"epoch\":{\"k\":\"\\ud800\"}"),
        Field("A negative offset", 760, "history", "\"key\":\"k\",\"since\":-1"),
        Field("A limit of nothing", 760, "history", "\"key\":\"k\",\"limit\":0"),
        Field("A limit that is text", 760, "queues", "\"limit\":\"1\""),
        Field("A cursor that is no text", 760, "keys", "\"cursor\":1"),
        Field("A prefix that is no text", 760, "channels", "\"prefix\":[]"),
        Field("A name that is no text", 760, "hello", "\"name\":1"),
        Field("A number out of range", 760, "hello", "\"server_id\":0,\"worker_id\":1"),
        Field("A number out of range", 760, "hello", "\"server_id\":1,\"worker_id\":65536"),
        Field("One number without the other", 760, "hello", "\"worker_id\":1"),
        Field("Blank, where the channel refuses that", 760, "publish", "\"key\":\"visible\",\"value\":\" \""),
        Field("Text, where the channel takes JSON only", 760, "publish", "\"key\":\"json\",\"value\":\"x\""),
    ];

    private static BadCase[] Bounds()
    {
        const string thirtyThree = "\"0123456789abcdef0123456789abcdef!\"";
        var blockedPop = Command("qpop", "\"key\":\"q\",\"block\":true");
        var threeChannels = Command("subscribe", "\"key\":[1,2,3]");
        return
        [
            Field("Keys of a command", 740, "subscribe", "\"key\":[1,2,3,4]"),
            Field("Keys of a command", 740, "publish", "\"key\":[1,2,3,4],\"value\":1"),
            Field("Subscriptions of a connection", 429, "subscribe", "\"key\":[4,5]", threeChannels),
            Field("Subscriptions of a connection", 429, "hello", "\"server_id\":1,\"worker_id\":1", threeChannels, Command("subscribe", "\"key\":4")),
            Field("Blocked pops of a connection", 740, "qpop", "\"key\":\"q\",\"block\":true", blockedPop, blockedPop),
            Field("Headers", 740, "publish", "\"key\":\"k\",\"value\":1,\"user\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}"),
            Field("Entries listed", 760, "keys", "\"limit\":9"),
            Field("Bytes of a message", 740, "publish", $"\"key\":\"small\",\"value\":{thirtyThree}"),
            Field("Bytes of a message to many", 740, "publish", $"\"key\":[\"small\"],\"value\":{thirtyThree}"),
            Field("Bytes of a hash value", 740, "set", $"\"key\":\"k\",\"value\":{thirtyThree}"),
            Field("Bytes of an item", 740, "qpush", $"\"key\":\"k\",\"value\":{thirtyThree}"),
            Field("Hash keys", 740, "set", "\"key\":4,\"value\":1", Set(1), Set(2), Set(3)),
            Field("Hash keys", 740, "incr", "\"key\":4", Set(1), Set(2), Set(3)),
            Field("Queues", 740, "qpush", "\"key\":3,\"value\":1", Push(1), Push(2)),
            Field("Items of a queue", 740, "qpush", "\"key\":1,\"value\":1", Push(1), Push(1)),
            Field("Channels", 740, "publish", "\"key\":\"more\",\"value\":1", [.. Enumerable.Range(1, 8).Select(Publish)]),
            Field("Channels", 740, "subscribe", "\"key\":\"more\"", [.. Enumerable.Range(1, 8).Select(Publish)]),
            Field("Members of a channel", 740, "subscribe", "\"key\":\"alone\""),
            Field("Messages in a time", 429, "publish", "\"key\":\"rated\",\"value\":1", Command("publish", "\"key\":\"rated\",\"value\":1")),
        ];
    }

    private static BadCase[] Conditions() =>
    [
        Field("A condition that does not hold", 409, "set", "\"key\":\"k\",\"value\":1,\"if\":\"present\""),
        Field("A condition that does not hold", 409, "set", "\"key\":1,\"value\":1,\"if\":\"absent\"", Set(1)),
        Field("A condition that does not hold", 409, "delete", "\"key\":1,\"if\":1", Set(1)),
        Field("A sum with what is no number", 409, "incr", "\"key\":\"k\"", Command("set", "\"key\":\"k\",\"value\":\"x\"")),
        Field("A sum of more than 64 bits", 409, "incr", "\"key\":1,\"by\":9223372036854775807", Set(1)),
        Field("An item that is not there", 409, "qack", "\"key\":\"k\",\"receipt\":\"1-1\""),
        Field("An item that is not there", 409, "qnack", "\"key\":\"k\",\"receipt\":\"1-1\""),
        Field("An item that is not there", 409, "qextend", "\"key\":\"k\",\"receipt\":\"1-1\",\"reserve\":1"),
        Field("Presence that is not kept", 409, "presence", "\"key\":\"k\""),
        Field("Another epoch than the channel's", 410, "history", "\"key\":1,\"epoch\":\"x\"", Publish(1)),
    ];

    private static string Set(int key) => Command("set", $"\"key\":{key},\"value\":1");

    private static string Push(int key) => Command("qpush", $"\"key\":{key},\"value\":1");

    private static string Publish(int key) => Command("publish", $"\"key\":{key},\"value\":1");
}
