using System.Text.Json.Serialization.Metadata;
using Signalbox.Protocol.Commands;

namespace Signalbox.Client;

// Hash keys: values that all share, that expire, and that can be watched.
public sealed partial class SignalboxClient
{
    private const string KeyWatchPrefix = "$kv/";

    // No place in any numbering: the server answers with where the key stands, and its value.
    private static readonly ChannelPosition Nowhere = new("", 0);

    private static readonly Func<Reply, IReadOnlyList<string>> ReadNames =
        static reply => Json.Texts(reply.Raw(ReplyField.Value).Span);

    /// <returns>Null where there is no such key.</returns>
    public Task<HashEntry?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return SendAsync<GetRequest, HashEntry?>(new GetRequest(key), cancellationToken);
    }

    /// <returns>The new version; null where the condition of the options did not hold, and nothing was
    /// changed.</returns>
    public Task<long?> SetAsync(
        string key, Payload value, SetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return SendAsync<SetRequest, long?>(new SetRequest(key, value, options ?? SetOptions.Default), cancellationToken);
    }

    /// <returns>See <see cref="SetAsync(string, Payload, SetOptions?, CancellationToken)"/>.</returns>
    public Task<long?> SetAsync<T>(
        string key,
        T value,
        JsonTypeInfo<T> typeInfo,
        SetOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SetAsync(key, Payload.From(value, typeInfo), options, cancellationToken);

    /// <param name="ifVersion">Only where the key is unchanged since it was read with this version.</param>
    /// <returns>Whether there was something to delete, and the condition held.</returns>
    public Task<bool> DeleteAsync(string key, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return SendAsync<DeleteRequest, bool>(new DeleteRequest(key, ifVersion), cancellationToken);
    }

    /// <summary>Adds to the whole number that the key holds; a key that is not there counts as 0.</summary>
    /// <returns>The sum.</returns>
    public Task<long> IncrementAsync(
        string key, long by = 1, IncrementOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var request = new IncrementRequest(key, by, options ?? IncrementOptions.Default);
        return SendAsync<IncrementRequest, long>(request, cancellationToken);
    }

    /// <returns>How many keys there are.</returns>
    public Task<long> CountKeysAsync(CancellationToken cancellationToken = default) =>
        SendAsync<NumberRequest, long>(new NumberRequest(CommandName.Count, CallTraits.Repeatable, null), cancellationToken);

    /// <returns>How many keys were deleted.</returns>
    public Task<long> DeleteAllKeysAsync(CancellationToken cancellationToken = default) =>
        SendAsync<NumberRequest, long>(new NumberRequest(CommandName.DeleteAll, CallTraits.None, null), cancellationToken);

    public IAsyncEnumerable<string> KeysAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        ListAsync(CommandName.Keys, prefix, ReadNames, cancellationToken);

    /// <summary>Watches a key: what it holds now, then each change.</summary>
    public async Task<KeyWatch> WatchAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var options = new SubscribeOptions { Since = Nowhere };
        var subscription = await SubscribeAsync(KeyWatchPrefix + key, options, cancellationToken).ConfigureAwait(false);
        return new KeyWatch(key, subscription);
    }
}
