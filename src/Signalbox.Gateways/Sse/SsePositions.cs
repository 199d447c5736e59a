using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Signalbox.Core.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Gateways.Outbound;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sse;

/// <summary>
/// How far a stream of several channels has come in each of them, and the line that says so. The event itself is the
/// same bytes for all streams; this line is what each has to itself, and it is mostly changed in place.
/// </summary>
/// <remarks>
/// <para>The position moves when a message is written, not when it is queued: what a slow reader is not given is never
/// counted as seen.</para>
/// <para>Channels that were asked for by name always have their place. Those that a filter brings take what is left of
/// the bound; beyond it the one that spoke longest ago loses its place, and a resume does not recover it.</para>
/// <para>Not thread-safe: it belongs to whoever enters the channels, and once they are live to whoever writes.</para>
/// </remarks>
internal sealed class SsePositions
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly JsonBuffer _line = new();
    private readonly int _maxLineBytes;
    private readonly bool _isChunked;
    private long _moves;

    /// <param name="isChunked">Whether the lines that go before the events are chunks of the response.</param>
    public SsePositions(int maxIdBytes, bool isChunked)
    {
        _isChunked = isChunked;
        _maxLineBytes = "id: \n".Length + maxIdBytes;
        WriteLine();
    }

    /// <summary>The line of the id, with its end.</summary>
    public ReadOnlySpan<byte> Line => _line.WrittenSpan;

    /// <summary>The stream begins behind this position.</summary>
    /// <param name="isAsked">Whether the channel was asked for by name, and not brought by a filter.</param>
    public void Begin(string channel, ChannelPosition position, bool isAsked)
    {
        _places[channel] = new Place(channel, isAsked, position) { Moved = ++_moves };
        Rebuild();
    }

    /// <returns>False where the stream has had this message already.</returns>
    public bool TryMove(string channel, string epoch, long offset)
    {
        if (!_places.TryGetValue(channel, out var place))
        {
            place = new Place(channel, isAsked: false, new ChannelPosition(epoch, 0));
            _places.Add(channel, place);
        }
        else if (place.Position.Epoch == epoch && offset <= place.Position.Offset)
        {
            return false;
        }

        var fits = place.Position.Epoch == epoch && DigitsOf(offset) == place.Digits;
        place.MoveTo(new ChannelPosition(epoch, offset));
        place.Moved = ++_moves;
        if (fits) Utf8Formatter.TryFormat(offset, _line.WrittenSpan[place.At..], out _);
        else Rebuild();
        return true;
    }

    /// <summary>Writes the deliveries of an entry, before each message the line that says how far it brings the stream.</summary>
    /// <returns>How many bytes it wrote.</returns>
    public int Write(PipeWriter pipe, OutboundEntry entry)
    {
        var (batch, encoded) = (entry.Batch!, entry.Encoded!); // An entry of deliveries has both.
        var written = 0;
        for (var i = entry.First; i < batch.Count; i++)
        {
            if (batch.Deliveries[i] is MessageDelivery message)
            {
                if (!TryMove(message.Channel, message.Epoch, message.Message.Offset)) continue;
                written += WriteLine(pipe);
            }

            var body = encoded.Slice(i, i + 1).Span;
            pipe.Write(body);
            written += body.Length;
        }

        return written;
    }

    private int WriteLine(PipeWriter pipe)
    {
        if (_isChunked) return SseChunk.Write(pipe, Line);

        pipe.Write(Line);
        return Line.Length;
    }

    private void Rebuild()
    {
        WriteLine();
        while (_line.Length > _maxLineBytes && LongestSilent() is { } place)
        {
            _places.Remove(place.Name);
            WriteLine();
        }
    }

    private void WriteLine()
    {
        _line.Clear();
        _line.Write("id: "u8);
        if (_places.Count == 0) _line.Write(SseId.Nothing);
        foreach (var place in _places.Values)
        {
            if (_line.WrittenSpan[^1] != ' ') _line.Write((byte)',');
            _line.Write(place.Head);
            place.At = _line.Length;
            new ReplyWriter(_line).Number(place.Position.Offset);
            place.Digits = _line.Length - place.At;
        }

        _line.Write((byte)'\n');
    }

    private Place? LongestSilent()
    {
        Place? found = null;
        foreach (var place in _places.Values)
        {
            if (!place.IsAsked && (found is null || place.Moved < found.Moved)) found = place;
        }

        return found;
    }

    private static int DigitsOf(long number)
    {
        var digits = 1;
        while ((number /= 10) > 0) digits++;
        return digits;
    }

    private sealed class Place(string name, bool isAsked, ChannelPosition position)
    {
        public string Name { get; } = name;

        public bool IsAsked { get; } = isAsked;

        public ChannelPosition Position { get; private set; } = position;

        public byte[] Head { get; private set; } = SseId.EncodeHead(name, position.Epoch);

        /// <summary>Grows with every move, over all places.</summary>
        public long Moved { get; set; }

        /// <summary>Where in the line the digits of its offset are, and how many; 0 before it was first written.</summary>
        public int At { get; set; }

        public int Digits { get; set; }

        public void MoveTo(ChannelPosition position)
        {
            if (position.Epoch != Position.Epoch) Head = SseId.EncodeHead(Name, position.Epoch);
            Position = position;
        }
    }
}
