using Signalbox.Protocol.Json;

namespace Signalbox.Client;

/// <summary>
/// Tells what a hash key holds: first now, then at each change. A state and not a log: after a reconnect it tells the
/// present value, and what it was in between is not known.
/// </summary>
public sealed class KeyWatch : IAsyncEnumerable<KeyChange>, IAsyncDisposable
{
    private readonly Subscription _subscription;

    internal KeyWatch(string key, Subscription subscription)
    {
        Key = key;
        _subscription = subscription;
    }

    public string Key { get; }

    public async IAsyncEnumerator<KeyChange> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var wasGone = false;
        while (await _subscription.NextAsync(cancellationToken).ConfigureAwait(false) is { } item)
        {
            if (ChangeOf(item) is not { } change) continue;

            var isGone = change.Value is null;
            if (!isGone || !wasGone) yield return change;
            wasGone = isGone;
        }
    }

    public ValueTask DisposeAsync() => _subscription.DisposeAsync();

    private KeyChange? ChangeOf(object item) => item switch
    {
        // A gap stands before the present value; where there is none, nothing follows it.
        Gap { Now.Offset: 0 } => new KeyChange(Key, null, 0),
        Message message when IsNull(message.Value) => new KeyChange(Key, null, message.Offset),
        Message message => new KeyChange(Key, message.Value, message.Offset),
        _ => null,
    };

    private static bool IsNull(Payload value) => value.Format == ValueFormat.Json && value.Bytes.Span.SequenceEqual("null"u8);
}
