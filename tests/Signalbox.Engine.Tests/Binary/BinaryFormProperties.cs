using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Binary;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Tests.Binary;

public sealed class BinaryFormProperties
{
    [Fact]
    public void What_was_written_is_read() =>
        ForAnyValue(value =>
        {
            var bytes = BinaryForm.ToArray(value);

            var read = BinaryForm.Read(bytes);

            Assert.Equal(Meaning.Of(value), Meaning.Of(read));
            Assert.Equal(bytes, BinaryForm.ToArray(read));
        });

    [Fact]
    public void Records_stand_one_behind_the_other() =>
        ForAnyValue(value =>
        {
            var bytes = BinaryForm.ToArray(value);

            var status = BinaryForm.TryRead([.. bytes, .. bytes, 7], out var read, out var consumed);

            Assert.Equal((BinaryStatus.Complete, bytes.Length), (status, consumed));
            Assert.Equal(Meaning.Of(value), Meaning.Of(read!)); // Complete, so there.
        });

    [Fact]
    public void Every_prefix_is_incomplete() =>
        ForAnyValue(value =>
        {
            var bytes = BinaryForm.ToArray(value);

            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Equal(BinaryStatus.Incomplete, BinaryForm.TryRead(bytes.AsSpan(0, length), out _, out _));
            }
        });

    [Fact]
    public void A_record_that_was_cut_is_malformed_or_lacks_what_may_be_absent() =>
        ForAnyValue(value =>
        {
            var (header, fields) = Split(BinaryForm.ToArray(value));

            for (var length = 0; length < fields.Length; length++)
            {
                var status = BinaryForm.TryRead(Join(header, fields[..length]), out var read, out _);
                Assert.True(status is BinaryStatus.Malformed or BinaryStatus.Complete, $"{status} after {length} bytes.");
                // What is absent at the end is not written, so the short record is the shortest of its value.
                if (read is not null) Assert.InRange(Split(BinaryForm.ToArray(read)).Fields.Length, 0, length);
            }
        });

    [Fact]
    public void What_a_later_version_adds_is_skipped() =>
        ForAnyValue(value =>
        {
            // Absent fields at the end are told before something new behind them, so only a whole record can be checked.
            var (header, fields) = Split(BinaryForm.ToArray(value));
            byte[] zeros = [0, 0, 0];

            var read = BinaryForm.Read(Join(header, [.. fields, .. zeros, 1, 2, 3]));

            Assert.Equal(Meaning.Of(value), Meaning.Of(read));
        });

    [Fact]
    public void Any_bytes_are_a_record_or_refused() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            for (var tag = 0; tag <= byte.MaxValue; tag++)
            {
                BinaryForm.TryRead(Join([BinaryForm.Version, (byte)tag], bytes), out var value, out _);
                if (value is not null) BinaryForm.ToArray(value);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_record_with_changed_bytes_is_a_record_or_refused() =>
        Prop.ForAll<int, byte[]>((seed, changes) =>
        {
            var bytes = BinaryForm.ToArray(Make(seed));
            for (var i = 0; i + 1 < changes.Length; i += 2) bytes[changes[i] % bytes.Length] = changes[i + 1];

            BinaryForm.TryRead(bytes, out var value, out _);
            if (value is not null) BinaryForm.ToArray(value);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void A_promised_length_allocates_nothing()
    {
        // A history that says it has two thousand million messages, and a payload that says it has as many bytes.
        byte[] history = [BinaryForm.Version, (byte)BinaryTag.HistoryRead, 8, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 7];
        byte[] payload = [BinaryForm.Version, (byte)BinaryTag.KeySet, 6, 0, 0xff, 0xff, 0xff, 0xff, 7];
        BinaryForm.TryRead(history, out _, out _);
        BinaryForm.TryRead(payload, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(BinaryStatus.Malformed, BinaryForm.TryRead(history, out _, out _));
        Assert.Equal(BinaryStatus.Malformed, BinaryForm.TryRead(payload, out _, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void What_is_not_known_is_told_apart()
    {
        Assert.Equal(BinaryStatus.UnknownVersion, BinaryForm.TryRead([2, 1, 0], out _, out _));
        Assert.Equal(BinaryStatus.UnknownType, BinaryForm.TryRead([BinaryForm.Version, 255, 0], out _, out _));
        Assert.Equal(BinaryStatus.UnknownType, BinaryForm.TryRead([BinaryForm.Version, 0, 0], out _, out _));
        Assert.Equal(BinaryStatus.Incomplete, Assert.Throws<BinaryFormException>(() => BinaryForm.Read([])).Status);
        Assert.Equal(
            BinaryStatus.Malformed,
            Assert.Throws<BinaryFormException>(() => BinaryForm.Read([.. BinaryForm.ToArray(new RetainedCleared()), 1])).Status);
    }

    [Fact]
    public void What_is_absent_at_the_end_costs_nothing()
    {
        var now = DateTimeOffset.UnixEpoch;
        var message = new Message(1, now, new Payload("hello"u8.ToArray(), PayloadKind.Text), Headers.None, "a", null, false);

        // Version, tag, length; then the message: length, offset, time, kind, length, hello, headers, length, a, retain.
        Assert.Equal(3 + 1 + 1 + 8 + 1 + 1 + 5 + 1 + 2 + 1, BinaryForm.ToArray(new MessagePublished(message, null, default)).Length);
    }

    [Fact]
    public void Answers_that_refuse_have_a_form_too()
    {
        object[] refusals =
        [
            PopAnswer.Refused(Refusal.OutOfRange),
            new EnterAnswer(Refusal.TooManyMembers, default, 0, false, [], null),
        ];

        foreach (var refusal in refusals)
        {
            var read = BinaryForm.Read(BinaryForm.ToArray(refusal));
            Assert.Equal(BinaryForm.ToArray(refusal), BinaryForm.ToArray(read));
        }
    }

    [Fact]
    public void Writing_one_record_leaves_nothing_for_the_next()
    {
        var large = new PushRequest(new Payload(new byte[1_000_000], PayloadKind.Binary), Headers.None, 0, default, null, null);
        var small = new Receipt(1, 2);
        var expected = BinaryForm.ToArray(small);

        Assert.ThrowsAny<Exception>(() => BinaryForm.ToArray(new object()));
        BinaryForm.ToArray(large);

        Assert.Equal(expected, BinaryForm.ToArray(small));
    }

    [Fact]
    public void A_record_of_any_length_is_read_as_it_was_written()
    {
        for (var length = 0; length < 20_000; length += length < 600 ? 1 : 700)
        {
            var set = new KeySet(new Payload(new byte[length], PayloadKind.Binary), 1, ExpiresAt: null, "id", default);
            Assert.Equal(Meaning.Of(set), Meaning.Of(BinaryForm.Read(BinaryForm.ToArray(set))));
        }
    }

    private static void ForAnyValue(Action<object> check) =>
        Prop.ForAll<int>(seed => check(Make(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static object Make(int seed)
    {
        var types = BinaryTypes.All;
        return new AnyValue(seed).Make(types[(seed & int.MaxValue) % types.Count]);
    }

    private static (byte[] Header, byte[] Fields) Split(byte[] record)
    {
        var at = 2;
        while (record[at] >= 0x80) at++;
        return (record[..2], record[(at + 1)..]);
    }

    private static byte[] Join(byte[] header, byte[] fields)
    {
        var length = new List<byte>();
        var rest = fields.Length;
        for (; rest >= 0x80; rest >>= 7) length.Add((byte)(rest | 0x80));
        length.Add((byte)rest);
        return [.. header, .. length, .. fields];
    }
}
