using Signalbox.Core.Channels;

namespace Signalbox.Core.Mqtt;

// Channels that are read from their history: what comes of them waits there, and not here.
public sealed partial class MqttSession
{
    /// <summary>The channels that are read from their history.</summary>
    public IEnumerable<string> ReadChannels => _readTo?.Keys ?? Enumerable.Empty<string>();

    /// <summary>Messages that the last process had, and whose channel's history has to give them again.</summary>
    public IEnumerable<MqttMessage> Unread =>
        (_inFlight?.Values ?? Enumerable.Empty<MqttInFlight>())
        .Where(entry => !entry.IsReleased)
        .Select(entry => entry.Message)
        .Concat(_waiting ?? [])
        .Where(message => message is { Message: null, Place: not null });

    /// <summary>Up to where the session has this channel; null where it is not read from its history.</summary>
    public ChannelPosition? ReadToOf(string channel) =>
        _readTo is not null && _readTo.TryGetValue(channel, out var position) ? position : null;

    /// <summary>Gives messages that are <see cref="Unread"/> their content. It is no fact: the log has it already.</summary>
    /// <param name="find">Null where the history has it no more; it is as if it had expired then.</param>
    public void Fill(Func<string, ChannelPosition, Message?> find)
    {
        foreach (var entry in _inFlight?.Values ?? Enumerable.Empty<MqttInFlight>()) entry.Message = Filled(entry.Message, find);
        if (_waiting is null) return;

        _waiting = new Queue<MqttMessage>(_waiting.Select(message => Filled(message, find)));
        _waitingBytes = _waiting.Sum(message => (long)message.Bytes);
    }

    private static MqttMessage Filled(MqttMessage message, Func<string, ChannelPosition, Message?> find) =>
        message is { Message: null, Place: { } place } ? message with { Message = find(message.Channel, place) } : message;
}
