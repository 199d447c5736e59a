using Signalbox.Core.Channels;

namespace Signalbox.Simulation;

/// <summary>What anybody outside was ever told. None of it may be taken back, whatever happens to the disk.</summary>
internal sealed class Revealed
{
    private readonly Dictionary<(string Queue, long Id), string> _payloads = [];
    private readonly Dictionary<(string Queue, string Payload), long> _ids = [];
    private readonly Dictionary<(string Channel, ChannelPosition At), string> _messages = [];

    /// <summary>Everything in the log up to here was told of.</summary>
    public long Position { get; private set; }

    public void UpTo(long position) => Position = Math.Max(Position, position);

    public void Item(string queue, long id, string payload)
    {
        Check(_payloads.TryAdd((queue, id), payload) || _payloads[(queue, id)] == payload, () =>
            $"Item {id} of {queue} is {payload}, and was {_payloads[(queue, id)]} before.");
        Check(_ids.TryAdd((queue, payload), id) || _ids[(queue, payload)] == id, () =>
            $"The item {payload} of {queue} has the id {id}, and had {_ids[(queue, payload)]} before.");
    }

    public long? IdOf(string queue, string payload) => _ids.TryGetValue((queue, payload), out var id) ? id : null;

    public void Message(string channel, ChannelPosition at, string payload) =>
        Check(_messages.TryAdd((channel, at), payload) || _messages[(channel, at)] == payload, () =>
            $"Message {at} of {channel} is '{payload}', and was '{_messages[(channel, at)]}' before.");

    public static void Check(bool holds, Func<string> otherwise)
    {
        if (!holds) throw new SimulationFailedException(otherwise());
    }
}
