using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Hashes;

namespace Signalbox.InProcess;

// Hash keys: values that all share, that expire, and that can be watched.
public sealed partial class InProcessSignalbox
{
    private static readonly SubscribeOptions Watching = new() { SlowReader = SlowReaderPolicy.Latest, IsPresent = false };

    public async Task<HashValue?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        Checks.Name(key, mayBeSystem: true);
        return await _engine.Hash(key).GetAsync(cancellationToken).Apart();
    }

    public async Task<long?> SetAsync(
        string key, Payload value, SetOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= SetOptions.Default;
        Checks.Name(key, mayBeSystem: false);
        Checks.Value(value);
        Checks.Id(options.Id);

        var request = new SetRequest(value, options.ExpiresAt, options.Ttl, options.If, options.Id);
        var answer = await _engine.Hash(key).SetAsync(request, cancellationToken).Apart();
        if (answer.Refusal == Refusal.ConditionFailed) return null;

        SignalboxException.ThrowIf(answer.Refusal);
        return answer.Version;
    }

    public async Task<bool> DeleteAsync(string key, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        Checks.Name(key, mayBeSystem: false);
        var condition = ifVersion is { } version ? SetCondition.AtVersion(version) : SetCondition.Always;
        var answer = await _engine.Hash(key).DeleteAsync(condition, cancellationToken).Apart();
        if (answer.Refusal == Refusal.ConditionFailed) return false;

        SignalboxException.ThrowIf(answer.Refusal);
        return answer.Existed;
    }

    public async Task<long> IncrementAsync(
        string key, long by = 1, IncrementOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= IncrementOptions.Default;
        Checks.Name(key, mayBeSystem: false);
        Checks.Id(options.Id);

        var request = new IncrementRequest(by, options.Ttl, options.Id);
        var answer = await _engine.Hash(key).IncrementAsync(request, cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        return answer.Sum;
    }

    public async Task<KeyWatch> WatchAsync(string key, CancellationToken cancellationToken = default)
    {
        Checks.Name(key, mayBeSystem: true);
        return new KeyWatch(key, await SubscribeAsync(Core.Names.Name.KeyWatchPrefix + key, Watching, cancellationToken));
    }

    public IAsyncEnumerable<string> KeysAsync(string prefix = "", CancellationToken cancellationToken = default) =>
        ListAsync(prefix, request => _engine.ListKeysAsync(request, cancellationToken), cancellationToken);

    public async Task<long> CountKeysAsync(CancellationToken cancellationToken = default) =>
        await _engine.CountKeysAsync(cancellationToken).Apart();

    public async Task<long> DeleteAllKeysAsync(CancellationToken cancellationToken = default)
    {
        var answer = await _engine.DeleteAllKeysAsync(cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        return answer.Count;
    }
}
