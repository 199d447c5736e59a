using System.Text.Json.Serialization.Metadata;

namespace Signalbox.Client;

/// <summary>An item that was looked at and left where it is.</summary>
public sealed record PeekedItem(
    Payload Value,
    long Id,
    int Priority,
    int Attempts,
    DateTimeOffset AddedAt,
    IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    internal static readonly Func<Reply, PeekedItem> Read = static reply => new PeekedItem(
        reply.Value(),
        reply.Number(ReplyField.Item),
        (int)reply.Number(ReplyField.Priority),
        (int)reply.Number(ReplyField.Attempts),
        reply.Time(ReplyField.Time),
        reply.Headers());

    public string Text => Value.Text;

    public T? As<T>(JsonTypeInfo<T> typeInfo) => Value.As(typeInfo);
}
