using System.Text.Json.Serialization.Metadata;

namespace Signalbox.Client;

/// <summary>What a hash key holds.</summary>
/// <param name="Version">Grows with each change; for <see cref="SetOptions.IfVersion"/>.</param>
/// <param name="ExpiresAt">When it goes by itself, to the second; null for never.</param>
public sealed record HashEntry(Payload Value, long Version, DateTimeOffset? ExpiresAt)
{
    public string Text => Value.Text;

    public T? As<T>(JsonTypeInfo<T> typeInfo) => Value.As(typeInfo);
}
