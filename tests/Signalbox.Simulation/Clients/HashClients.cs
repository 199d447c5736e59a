using System.Globalization;
using Signalbox.Core.Hashes;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Hashes;
using Signalbox.Simulation.Expected;

namespace Signalbox.Simulation.Clients;

/// <summary>Those who use hash keys.</summary>
internal sealed class HashClients(World world, Calls calls)
{
    private string _key = "";

    private Timeline<ExpectedKey> Timeline => world.Keys[_key];

    private ExpectedKey Key => Timeline.Now.At(world.Now);

    public void Act()
    {
        _key = world.Any(world.Keys.Keys);
        switch (world.Dice.Next(6))
        {
            case 0 or 1:
                Set();
                break;

            case 2:
                Increment();
                break;

            case 3:
                Delete();
                break;

            default:
                Get();
                break;
        }
    }

    private void Set()
    {
        var value = world.Chance(2) ? world.Dice.Next(100).ToString(CultureInfo.InvariantCulture) : world.NewName(_key);
        var request = new SetRequest(World.Bytes(value), null, world.MaybeTime(30), Condition(), world.MaybeId());
        var (refusal, version, next) = Key.Set(value, request.Ttl, request.Condition, request.Id, world.Now);
        var hash = world.Engine.Hash(_key);
        calls.Start(
            $"set {_key} {request.Condition.Kind} ttl {request.Ttl} id {request.Id} -> {refusal} {version}",
            world.Life.HasRoom,
            () => hash.SetAsync(request, CancellationToken.None),
            answer => answer.Refusal,
            Put(next),
            answer => Same(new SetAnswer(refusal, version), answer));
    }

    private void Increment()
    {
        var request = new IncrementRequest(world.Dice.Next(10), world.MaybeTime(30), world.MaybeId());
        var (refusal, sum, version, next) = Key.Increment(request.By, request.Ttl, request.Id, world.Now);
        var hash = world.Engine.Hash(_key);
        calls.Start(
            $"incr {_key} by {request.By} ttl {request.Ttl} id {request.Id} -> {refusal} {sum} {version}",
            world.Life.HasRoom,
            () => hash.IncrementAsync(request, CancellationToken.None),
            answer => answer.Refusal,
            Put(next),
            answer => Same(new IncrementAnswer(refusal, sum, version), answer));
    }

    private void Delete()
    {
        var condition = Condition();
        var (refusal, existed, next) = Key.Delete(condition, world.Now);
        var hash = world.Engine.Hash(_key);
        calls.Start(
            $"delete {_key} {condition.Kind} -> {refusal} {existed}",
            world.Life.HasRoom,
            () => hash.DeleteAsync(condition, CancellationToken.None),
            answer => answer.Refusal,
            Put(next),
            answer => Same(new DeleteAnswer(refusal, existed), answer));
    }

    public void Get(string key)
    {
        _key = key;
        Get();
    }

    private void Get()
    {
        var expected = Key;
        var hash = world.Engine.Hash(_key);
        calls.Start(
            $"get {_key} -> {(expected.Value is null ? "nothing" : expected.Version)}",
            world.Life.HasRoom,
            () => hash.GetAsync(CancellationToken.None),
            _ => Refusal.None,
            () => Timeline.Position,
            answer => Same(
                expected.Value is null ? default : (expected.Value, expected.Version, expected.ExpiresAt),
                answer is null ? default : (World.Text(answer.Value), answer.Version, answer.ExpiresAt)));
    }

    private static void Same<T>(T expected, T answer) =>
        Revealed.Check(EqualityComparer<T>.Default.Equals(expected, answer), () =>
            $"expected {expected}, and the answer is {answer}.");

    private SetCondition Condition() => world.Dice.Next(8) switch
    {
        0 => SetCondition.Absent,
        1 => SetCondition.Present,
        2 => SetCondition.AtVersion(Key.Value is null ? 0 : Key.Version),
        3 => SetCondition.AtVersion(12),
        _ => SetCondition.Always,
    };

    private Func<long> Put(ExpectedKey next)
    {
        var (timeline, before) = (Timeline, world.Life.LastPosition);
        return () =>
        {
            if (world.Life.LastPosition > before) timeline.Put(world.Life.LastPosition, next);
            return timeline.Position;
        };
    }
}
