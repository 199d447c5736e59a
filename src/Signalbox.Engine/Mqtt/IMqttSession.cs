using Signalbox.Core.Mqtt;

namespace Signalbox.Engine.Mqtt;

/// <summary>What the engine keeps of one session of MQTT: all that happened to it, for whoever serves it after this process.</summary>
/// <remarks>
/// The session is decided on where its client is connected, which is one place at a time; what was decided is appended
/// here in its order. A session that nobody has appended anything of does not exist.
/// </remarks>
public interface IMqttSession
{
    /// <summary>Whether it takes more. Where not, nothing new is begun; what was begun before may be finished.</summary>
    bool HasRoom { get; }

    /// <summary>Takes what has happened. The first fact is <see cref="SessionOpened"/>, the last <see cref="SessionEnded"/>.</summary>
    /// <param name="isWaitedFor">Whether somebody will wait until it is durable; else it becomes so soon.</param>
    void Append(MqttFact fact, bool isWaitedFor);

    /// <summary>Completes when all that was to be waited for is durable, and with it all that was appended before.</summary>
    ValueTask WhenKeptAsync(CancellationToken cancellationToken);

    /// <summary>The facts that make the session as it is; none where there is no such session.</summary>
    ValueTask<IReadOnlyList<MqttFact>> FactsAsync(CancellationToken cancellationToken);
}
