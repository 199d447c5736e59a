namespace Signalbox.Engine.Binary;

/// <summary>Bytes that were to be a record in the binary form are none.</summary>
public sealed class BinaryFormException(BinaryStatus status)
    : Exception($"The bytes are no record in the binary form: {status}.")
{
    public BinaryStatus Status { get; } = status;
}
