using System.Collections.Immutable;

namespace Signalbox.Core.Payloads;

/// <summary>
/// What a sender says about a message beside the payload: names and texts, in order, names may repeat
/// (they are MQTT's user properties).
/// </summary>
public sealed class Headers(ImmutableArray<KeyValuePair<string, string>> entries, Quality quality = Quality.Any)
    : IEquatable<Headers>
{
    public static readonly Headers None = new([]);

    // Most messages say nothing beside it: these are shared.
    private static readonly Headers[] OnlyQuality = [None, .. Enum.GetValues<Quality>().Skip(1).Select(one => new Headers([], one))];

    public ImmutableArray<KeyValuePair<string, string>> Entries { get; } = entries;

    public bool IsEmpty => Entries.IsEmpty;

    /// <summary>Seen by no reader: it only says how the message is delivered.</summary>
    public Quality Quality { get; } = quality;

    public static Headers Of(Quality quality) => OnlyQuality[(int)quality];

    public Headers With(Quality quality) =>
        quality == Quality ? this : Entries.IsEmpty ? Of(quality) : new Headers(Entries, quality);

    public bool Equals(Headers? other) =>
        other is not null && Quality == other.Quality && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Headers);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var entry in Entries) hash.Add(entry);
        return hash.ToHashCode();
    }
}
