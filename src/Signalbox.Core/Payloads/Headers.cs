using System.Collections.Immutable;

namespace Signalbox.Core.Payloads;

/// <summary>
/// What a sender says about a message beside the payload: names and texts, in order, names may repeat
/// (they are MQTT's user properties).
/// </summary>
public sealed class Headers(ImmutableArray<KeyValuePair<string, string>> entries) : IEquatable<Headers>
{
    public static readonly Headers None = new([]);

    public ImmutableArray<KeyValuePair<string, string>> Entries { get; } = entries;

    public bool IsEmpty => Entries.IsEmpty;

    public bool Equals(Headers? other) => other is not null && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Headers);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var entry in Entries) hash.Add(entry);
        return hash.ToHashCode();
    }
}
