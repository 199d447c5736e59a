using Signalbox.Core.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Outbound;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sse;

/// <summary>
/// Deliveries as events.
/// <code>
///  id: 3f9a01bc77de-17              the resume position; of messages only
///  event: message                   message, join, leave, broadcast, direct, missed
///  data: {"command":"message",…}    the object of every other JSON protocol, on one line
///  (blank)
/// </code>
/// </summary>
/// <remarks>For streams of one channel the whole event is shared. For the others the id is a line that each stream writes
/// for itself in front of the shared rest. Where the chunks of the response are ours, they are around each event.</remarks>
internal sealed class SseFormat : WireFormat
{
    private static readonly SseFormat OneChannel = new(hasIds: true, isChunked: false);
    private static readonly SseFormat ManyChannels = new(hasIds: false, isChunked: false);
    private static readonly SseFormat OneChannelChunked = new(hasIds: true, isChunked: true);
    private static readonly SseFormat ManyChannelsChunked = new(hasIds: false, isChunked: true);

    [ThreadStatic]
    private static JsonBuffer? _buffer;

    private readonly bool _hasIds;
    private readonly bool _isChunked;

    private SseFormat(bool hasIds, bool isChunked)
    {
        _hasIds = hasIds;
        _isChunked = isChunked;
        var buffer = new JsonBuffer();
        var start = Begin(buffer);
        buffer.Write(":\n\n"u8);
        End(buffer, start);
        Comment = buffer.WrittenMemory;
    }

    /// <summary>A comment that says nothing.</summary>
    public ReadOnlyMemory<byte> Comment { get; }

    public static SseFormat Of(bool isOneChannel, bool isChunked) => (isOneChannel, isChunked) switch
    {
        (true, false) => OneChannel,
        (true, true) => OneChannelChunked,
        (false, false) => ManyChannels,
        (false, true) => ManyChannelsChunked,
    };

    /// <returns>Where the piece begins that ends with <see cref="End"/>: one event, or more.</returns>
    public int Begin(JsonBuffer buffer) => _isChunked ? SseChunk.Begin(buffer) : buffer.Length;

    public void End(JsonBuffer buffer, int start)
    {
        if (_isChunked) SseChunk.End(buffer, start);
    }

    /// <summary>Ends the stream, behind its last piece.</summary>
    public void EndAll(JsonBuffer buffer)
    {
        if (_isChunked) buffer.Write(SseChunk.OfNothing);
    }

    /// <summary>Writes an event up to its end, which is <see cref="EndEvent"/>.</summary>
    public void Write(ReplyWriter writer, Delivery delivery)
    {
        if (_hasIds && delivery is MessageDelivery message) WriteId(writer, new(message.Epoch, message.Message.Offset));

        BeginEvent(writer, delivery switch
        {
            PresenceDelivery { Joined: true } => "join"u8,
            PresenceDelivery => "leave"u8,
            BroadcastDelivery => "broadcast"u8,
            DirectDelivery => "direct"u8,
            _ => "message"u8,
        });
        JsonDeliveries.Write(writer, delivery, "broadcast"u8);
    }

    public static void WriteGap(ReplyWriter writer, Gap gap)
    {
        BeginEvent(writer, "missed"u8);
        JsonDeliveries.WriteGap(writer, gap);
    }

    /// <summary>The line of the id of a stream of one channel.</summary>
    public static void WriteId(ReplyWriter writer, ChannelPosition position)
    {
        writer.Raw("id: "u8);
        writer.Raw(SseId.EncodeHead(SseId.OnlyChannel, position.Epoch));
        writer.Number(position.Offset);
        writer.Raw("\n"u8);
    }

    /// <summary>Writes an event up to its data, which is one JSON object and follows.</summary>
    public static void BeginEvent(ReplyWriter writer, ReadOnlySpan<byte> name)
    {
        writer.Raw("event: "u8);
        writer.Raw(name);
        writer.Raw("\ndata: "u8);
    }

    /// <summary>Ends the event that begins here.</summary>
    /// <remarks>A publisher's JSON goes out as it came, and may have line ends between its tokens, where a blank says the
    /// same. Left as they are they would end the event, and let a publisher write events of its own.</remarks>
    public static void EndEvent(JsonBuffer buffer, int start)
    {
        var data = buffer.WrittenSpan[start..];
        data = data[(data.IndexOf("\ndata: "u8) + 1)..];
        data.Replace((byte)'\n', (byte)' ');
        data.Replace((byte)'\r', (byte)' ');
        buffer.Write("\n\n"u8);
    }

    protected override EncodedBatch Encode(ReadOnlySpan<Delivery> deliveries)
    {
        var buffer = _buffer ??= new JsonBuffer();
        var ends = deliveries.Length > 1 ? new int[deliveries.Length] : null;
        for (var i = 0; i < deliveries.Length; i++)
        {
            var start = Begin(buffer);
            Write(new ReplyWriter(buffer), deliveries[i]);
            EndEvent(buffer, start);
            End(buffer, start);
            if (ends is not null) ends[i] = buffer.Length;
        }

        var bytes = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return new EncodedBatch(bytes, ends);
    }
}
