using System.Buffers;
using System.Diagnostics;
using System.Text;
using Signalbox.Core.Storage;
using Signalbox.Engine.Binary;

namespace Signalbox.Engine.Embedded.Log.Format;

/// <summary>
/// One entry in a frame.
/// <code>
///  +---------+---------+-------------+------------+---------------------+
///  | mark u8 | kind u8 | name varint | name UTF-8 | fact, binary form   |
///  +---------+---------+-------------+------------+---------------------+
/// </code>
/// </summary>
internal static class EntryCodec
{
    // A name has at most 255 bytes, so its length at most two.
    private const int MaxHeadBytes = 4 + 255;

    public static void Write(IBufferWriter<byte> output, in LogEntry entry)
    {
        var head = output.GetSpan(MaxHeadBytes);
        head[0] = (byte)entry.Mark;
        head[1] = (byte)entry.Kind;
        var size = Encoding.UTF8.GetBytes(entry.Name, head[3..]);
        Debug.Assert(size <= 255, "Gateways let no longer name in.");
        if (size < 0x80)
        {
            head[2] = (byte)size;
            output.Advance(3 + size);
        }
        else
        {
            // Few are as long: those are moved on by the second byte of their length.
            head.Slice(3, size).CopyTo(head[4..]);
            head[2] = (byte)(size | 0x80);
            head[3] = (byte)(size >> 7);
            output.Advance(4 + size);
        }

        BinaryForm.Write(output, entry.Fact);
    }

    /// <summary>Takes one entry off the front.</summary>
    /// <returns>False where there is none that this version understands.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> body, out LogEntry entry)
    {
        entry = default;
        if (body.Length < 3) return false;

        var mark = (EntryMark)body[0];
        var kind = (MachineKind)body[1];
        int size = body[2];
        var at = 3;
        if (size >= 0x80)
        {
            if (body.Length < 4) return false;
            size = (size & 0x7f) | (body[3] << 7);
            at = 4;
        }

        if (body.Length < at + size) return false;
        if (kind is < MachineKind.Channel or > MachineKind.MqttSession || (byte)mark > 3) return false;

        var name = Encoding.UTF8.GetString(body.Slice(at, size));
        body = body[(at + size)..];
        if (BinaryForm.TryRead(body, out var fact, out var consumed) is not BinaryStatus.Complete) return false;

        body = body[consumed..];
        // How long somebody waited for it is nothing that the log keeps.
        entry = new LogEntry(kind, name, fact!, mark, Durability.Always); // Complete, so there.
        return true;
    }
}
