using Signalbox.Core.Mqtt;
using Signalbox.Engine.Mqtt;

namespace Signalbox.Engine.Cluster.Mqtt;

/// <summary>Any session of MQTT in a cluster: it is in the process that its client is connected to, and passes with it.</summary>
/// <remarks>It reads histories and has ids for what is published like any other; only nothing of it is written down.</remarks>
internal sealed class PassingMqttSession : IMqttSession
{
    public static readonly PassingMqttSession Any = new();

    public bool HasRoom => true;

    public void Append(MqttFact fact, bool isWaitedFor)
    {
        // There is nobody who would come for it.
    }

    public ValueTask WhenKeptAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<MqttFact>> FactsAsync(CancellationToken cancellationToken) => new([]);
}
