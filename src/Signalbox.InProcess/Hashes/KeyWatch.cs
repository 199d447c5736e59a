using Signalbox.Core.Payloads;

namespace Signalbox.InProcess;

/// <summary>Tells what a hash key holds: first now, then at each change. Who reads it too slowly misses what was in
/// between, and never what it holds at last.</summary>
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
        if (!_subscription.HadRetained) yield return new KeyChange(Key, null, 0);

        while (await _subscription.NextAsync(cancellationToken) is { } message)
        {
            yield return new KeyChange(Key, message.Value == Payload.Null ? (Payload?)null : message.Value, message.Offset);
        }
    }

    public ValueTask DisposeAsync() => _subscription.DisposeAsync();
}
