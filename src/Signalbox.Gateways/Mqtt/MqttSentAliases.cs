namespace Signalbox.Gateways.Mqtt;

/// <summary>The topics of one connection that a number of two bytes stands for, from the server to the client.</summary>
/// <remarks>
/// Topics have aliases in the order in which they come, until there are no more; those keep theirs for as long as the
/// connection lasts. To give an alias to whatever came last instead would say the whole topic again and again where many
/// topics take turns, and save nothing. Under the gate of the connection's client.
/// </remarks>
internal sealed class MqttSentAliases(int max)
{
    // The property costs as much as this: a shorter topic is written as it is.
    private const int PropertyBytes = 3;

    private readonly Dictionary<string, ushort> _aliases = new(StringComparer.Ordinal);

    /// <summary>What the next topic to be told of would have; 0 for none.</summary>
    public ushort NextFor(ReadOnlySpan<byte> topic) =>
        topic.Length > PropertyBytes && _aliases.Count < max ? (ushort)(_aliases.Count + 1) : (ushort)0;

    /// <returns>0 where the client was not told of any.</returns>
    public ushort Find(string channel) => _aliases.GetValueOrDefault(channel);

    /// <summary>The client is told of it, by a packet that does not get lost on its way out.</summary>
    public void Add(string channel, ushort alias) => _aliases.Add(channel, alias);
}
