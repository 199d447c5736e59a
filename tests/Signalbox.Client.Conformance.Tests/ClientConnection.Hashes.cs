using Signalbox.Conformance.Subjects;
using Signalbox.Core.Hashes;
using Subjects = Signalbox.Conformance.Subjects;

namespace Signalbox.Client.Conformance.Tests;

// Hash keys.
public sealed partial class ClientConnection
{
    public async Task<Stored> SetAsync(string key, string value, SetCondition condition, TimeSpan? ttl, string? id)
    {
        long? version = null;
        var options = new SetOptions
        {
            Ttl = ttl,
            Id = id,
            IfAbsent = condition.Kind == SetConditionKind.Absent,
            IfPresent = condition.Kind == SetConditionKind.Present,
            IfVersion = VersionOf(condition),
        };
        var outcome = await TryAsync(async () => version = await client.SetAsync(key, value, options));
        return outcome == Subjects.Outcome.Done && version is null
            ? new Stored(Subjects.Outcome.Conflict, 0)
            : new Stored(outcome, version ?? 0);
    }

    public async Task<Kept?> GetAsync(string key) =>
        await client.GetAsync(key) is { } entry ? new Kept(entry.Text, entry.Version) : null;

    public async Task<Deleted> DeleteAsync(string key, SetCondition condition)
    {
        // The library's answer is one: was it deleted. With a version, not to be deleted is to have another one.
        var existed = await client.DeleteAsync(key, VersionOf(condition));
        var isConflict = !existed && condition.Kind == SetConditionKind.AtVersion;
        return new Deleted(isConflict ? Subjects.Outcome.Conflict : Subjects.Outcome.Done, existed);
    }

    public async Task<Incremented> IncrementAsync(string key, long by, TimeSpan? ttl, string? id)
    {
        long sum = 0;
        var options = new IncrementOptions { Ttl = ttl, Id = id };
        var outcome = await TryAsync(async () => sum = await client.IncrementAsync(key, by, options));
        return new Incremented(outcome, sum, Version: 0);
    }

    public Task<NamePage> KeysAsync(string prefix, string? cursor, int limit) =>
        PageAsync(client.KeysAsync(prefix), cursor, limit);

    public Task<long> CountKeysAsync() => client.CountKeysAsync();

    public Task<long> DeleteAllKeysAsync() => client.DeleteAllKeysAsync();

    private static long? VersionOf(SetCondition condition) =>
        condition.Kind == SetConditionKind.AtVersion ? condition.Version : null;
}
