namespace Signalbox.Protocol.Mqtt.Properties;

/// <summary>Goes through properties in their order, without an allocation.</summary>
public ref struct MqttPropertyEnumerator
{
    private MqttBodyReader _reader;

    internal MqttPropertyEnumerator(ReadOnlyMemory<byte> bytes) => _reader = new MqttBodyReader(bytes);

    public MqttProperty Current { get; private set; }

    public bool MoveNext()
    {
        if (!_reader.HasMore) return false;

        Current = MqttProperty.Read(ref _reader);
        return true;
    }
}
