namespace Signalbox.Engine.Embedded.Log;

/// <summary>Which kind of machine a fact belongs to. Part of the log's format: numbers are only ever added.</summary>
public enum MachineKind : byte
{
    Channel = 1,
    HashKey = 2,
    Queue = 3,
    User = 4,
    MqttSession = 5,
}
