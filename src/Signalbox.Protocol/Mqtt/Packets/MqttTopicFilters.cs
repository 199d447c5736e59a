namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>The topic filters of an UNSUBSCRIBE that was checked, in their order.</summary>
public readonly struct MqttTopicFilters
{
    private readonly MqttVersion _version;
    private readonly ReadOnlyMemory<byte> _bytes;

    internal MqttTopicFilters(MqttVersion version, ReadOnlyMemory<byte> bytes, int count)
    {
        _version = version;
        _bytes = bytes;
        Count = count;
    }

    public int Count { get; }

    public Enumerator GetEnumerator() => new(_version, _bytes);

    public ref struct Enumerator
    {
        private readonly MqttVersion _version;
        private MqttBodyReader _reader;
        private MqttTopicFilter _current;

        internal Enumerator(MqttVersion version, ReadOnlyMemory<byte> bytes)
        {
            _version = version;
            _reader = new MqttBodyReader(bytes);
        }

        public readonly MqttTopicFilter Current => _current;

        public bool MoveNext()
        {
            if (!_reader.HasMore) return false;

            MqttTopicFilter.Read(_version, _reader.Binary(), out _current);
            return true;
        }
    }
}
