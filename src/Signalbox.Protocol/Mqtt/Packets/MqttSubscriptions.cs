namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>The subscriptions of a SUBSCRIBE that was checked, in their order.</summary>
public readonly struct MqttSubscriptions
{
    private readonly MqttVersion _version;
    private readonly ReadOnlyMemory<byte> _bytes;

    internal MqttSubscriptions(MqttVersion version, ReadOnlyMemory<byte> bytes, int count)
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

        internal Enumerator(MqttVersion version, ReadOnlyMemory<byte> bytes)
        {
            _version = version;
            _reader = new MqttBodyReader(bytes);
        }

        public MqttSubscription Current { get; private set; }

        public bool MoveNext()
        {
            if (!_reader.HasMore) return false;

            Current = MqttSubscription.Read(ref _reader, _version);
            return true;
        }
    }
}
