using System.Buffers;
using System.Diagnostics;
using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Binary;

/// <summary>
/// The one compact form of all facts, and of all that the contract says: on disk, in the cluster's journal, and
/// between silos.
/// <code>
///  +-----------+--------+----------------+---------------------------+
///  | version 1 | tag u8 | length varint  | fields, in order          |
///  +-----------+--------+----------------+---------------------------+
/// </code>
/// </summary>
/// <remarks>
/// <para>Numbers are zigzag varints, texts UTF-8 behind their length, moments UTC ticks in eight bytes, and a value that
/// has parts of its own (a message, a member, an item) is again a length and its fields.</para>
/// <para>A record may gain fields at its end, if they can be absent: a reader skips what it does not know, and takes
/// what is not there for absent. Absent fields at the end are not written at all. Every other change is a new tag.</para>
/// </remarks>
public static class BinaryForm
{
    public const byte Version = 1;

    // Bigger than this it is not kept for the next record.
    private const int KeptScratchBytes = 64 * 1024;

    [ThreadStatic]
    private static RecordWriter? _scratch;

    /// <summary>Writes one record.</summary>
    public static void Write(IBufferWriter<byte> output, object value)
    {
        var writer = _scratch ??= new RecordWriter();
        // Whatever went wrong on the way the last time has left nothing behind.
        writer.Clear();
        var tag = WriteFields(writer, value);
        output.Write(writer.Seal(Version, tag));
        if (writer.Capacity > KeptScratchBytes) _scratch = null;
    }

    public static byte[] ToArray(object value)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads the record at the front; its bytes are copied, none of them is kept.</summary>
    /// <param name="consumed">How long the record is; 0 unless it is complete.</param>
    public static BinaryStatus TryRead(ReadOnlySpan<byte> bytes, out object? value, out int consumed)
    {
        value = null;
        consumed = 0;
        if (bytes.IsEmpty) return BinaryStatus.Incomplete;
        if (bytes[0] != Version) return BinaryStatus.UnknownVersion;
        if (bytes.Length < 2) return BinaryStatus.Incomplete;

        var header = new RecordReader(bytes[2..]);
        var length = header.Count();
        if (header.IsBroken) return header.EndedEarly ? BinaryStatus.Incomplete : BinaryStatus.Malformed;
        if (length > header.Left) return BinaryStatus.Incomplete;

        var reader = new RecordReader(header.Take(length));
        var read = ReadFields(ref reader, (BinaryTag)bytes[1]);
        if (read is null) return BinaryStatus.UnknownType;
        if (reader.IsBroken) return BinaryStatus.Malformed;

        value = read;
        consumed = bytes.Length - header.Left;
        return BinaryStatus.Complete;
    }

    /// <summary>Reads the record that the bytes are.</summary>
    /// <exception cref="BinaryFormException">They are none, or more than one.</exception>
    public static object Read(ReadOnlySpan<byte> bytes)
    {
        var status = TryRead(bytes, out var value, out var consumed);
        if (status is BinaryStatus.Complete && consumed < bytes.Length) status = BinaryStatus.Malformed;
        return status is BinaryStatus.Complete ? value! : throw new BinaryFormException(status); // Complete, so there.
    }

    private static BinaryTag WriteFields(RecordWriter writer, object value) => value switch
    {
        ChannelFact fact => ChannelFactForm.Write(writer, fact),
        HashFact fact => HashFactForm.Write(writer, fact),
        QueueFact fact => QueueFactForm.Write(writer, fact),
        UserFact fact => UserFactForm.Write(writer, fact),
        MqttFact fact => MqttFactForm.Write(writer, fact),
        NameFact fact => NameFactForm.Write(writer, fact),
        Delivery delivery => DeliveryForm.Write(writer, delivery),
        _ => ChannelForm.TryWrite(writer, value)
            ?? HashForm.TryWrite(writer, value)
            ?? QueueForm.TryWrite(writer, value)
            ?? UserForm.TryWrite(writer, value)
            ?? ListingForm.TryWrite(writer, value)
            ?? throw new UnreachableException($"{value.GetType().Name} has no binary form."),
    };

    private static object? ReadFields(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        < BinaryTag.KeySet => ChannelFactForm.Read(ref reader, tag),
        < BinaryTag.ItemAdded => HashFactForm.Read(ref reader, tag),
        < BinaryTag.ConnectionOpened => QueueFactForm.Read(ref reader, tag),
        < BinaryTag.NameAdded => UserFactForm.Read(ref reader, tag),
        < BinaryTag.PublishRequest => NameFactForm.Read(ref reader, tag),
        < BinaryTag.SetRequest => ChannelForm.Read(ref reader, tag),
        < BinaryTag.PushRequest => HashForm.Read(ref reader, tag),
        < BinaryTag.UserConnection => QueueForm.Read(ref reader, tag),
        < BinaryTag.ListRequest => UserForm.Read(ref reader, tag),
        < BinaryTag.MessageDelivery => ListingForm.Read(ref reader, tag),
        < BinaryTag.SessionOpened => DeliveryForm.Read(ref reader, tag),
        _ => MqttFactForm.Read(ref reader, tag),
    };
}
