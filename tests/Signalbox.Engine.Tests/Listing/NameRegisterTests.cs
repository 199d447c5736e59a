using FsCheck;
using FsCheck.Fluent;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Tests.Listing;

public sealed class NameRegisterTests
{
    private const int MaxNames = 5;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_answers_as_a_dictionary_does_and_so_does_its_snapshot() =>
        Prop.ForAll<byte[]>(script =>
        {
            var register = new NameRegister(MaxNames);
            var model = new SortedDictionary<string, (bool IsListed, DateTimeOffset? DueAt)>(StringComparer.Ordinal);
            for (var i = 0; i + 1 < script.Length; i += 2) Step(register, model, script[i], script[i + 1]);

            var again = new NameRegister(MaxNames);
            foreach (var fact in register.Snapshot()) again.Apply(fact);

            AssertSame(model, register);
            AssertSame(model, again);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_new_name_is_due_soon_in_case_that_nothing_came_of_it()
    {
        var register = new NameRegister(MaxNames);

        register.TryAdd("late", At(100), confirmAt: At(10), out var late);
        register.TryAdd("early", At(5), confirmAt: At(10), out var early);
        register.TryAdd("never", null, confirmAt: At(10), out var never);

        Assert.Equal((At(10), At(5), At(10)), (late?.DueAt, early?.DueAt, never?.DueAt));
    }

    [Fact]
    public void Of_a_name_that_is_there_only_what_is_new_is_a_fact()
    {
        var register = new NameRegister(MaxNames);
        Add(register, "name", At(100));

        Assert.True(register.TryAdd("name", At(10), At(10), out var same));
        Assert.True(register.TryAdd("name", At(100), At(10), out var later));

        Assert.Null(same);
        Assert.Equal(new NameAdded("name", At(100)), later);
        Assert.Null(register.Remove("another", null));
    }

    [Fact]
    public void A_name_that_is_there_may_be_added_again_also_where_there_is_no_room()
    {
        var register = new NameRegister(1);
        Add(register, "name", null);

        Assert.True(register.TryAdd("name", null, At(10), out _));
        Assert.False(register.TryAdd("another", null, At(10), out var fact));
        Assert.Null(fact);
    }

    private static void Step(
        NameRegister register, SortedDictionary<string, (bool IsListed, DateTimeOffset? DueAt)> model, byte what, byte when)
    {
        var name = $"name {what >> 4}";
        DateTimeOffset? dueAt = when % 4 == 0 ? null : At(when);
        var known = model.GetValueOrDefault(name);
        switch (what & 3)
        {
            case 0 or 1:
                var hasRoom = known.IsListed || model.Values.Count(state => state.IsListed) < MaxNames;
                Assert.Equal(hasRoom, register.TryAdd(name, dueAt, confirmAt: At(20), out var added));
                if (!hasRoom) return;
                if (!known.IsListed && (dueAt is null || dueAt > At(20))) dueAt = At(20);
                model[name] = (true, dueAt);
                Assert.Equal(known != model[name], added is not null);
                if (added is not null) register.Apply(added);
                break;

            case 2:
                model[name] = (false, dueAt);
                var removed = register.Remove(name, dueAt);
                Assert.Equal(known != model[name], removed is not null);
                if (removed is not null) register.Apply(removed);
                break;

            default:
                if (known == default) return;
                model[name] = known with { DueAt = At(when) };
                register.Apply(register.Postpone(name, At(when)));
                break;
        }
    }

    private static void AssertSame(
        SortedDictionary<string, (bool IsListed, DateTimeOffset? DueAt)> model, NameRegister register)
    {
        var listed = model.Where(pair => pair.Value.IsListed).Select(pair => pair.Key).ToList();
        var dues = model.Where(pair => pair.Value.DueAt is not null).OrderBy(pair => pair.Value.DueAt).ToList();

        Assert.Equal(listed, register.Page(new ListRequest("", null, 100)).Entries);
        Assert.Equal(listed.Count, register.Count);
        Assert.Equal(dues.FirstOrDefault().Value.DueAt, register.NextDue);
        Assert.Equal(dues.Select(pair => pair.Key), register.DueNames(DateTimeOffset.MaxValue, 100));
        foreach (var (name, (_, dueAt)) in dues)
        {
            Assert.Contains(name, register.DueNames(dueAt!.Value, 100)); // It is among those that are due.
            Assert.DoesNotContain(name, register.DueNames(dueAt.Value.AddTicks(-1), 100));
        }

        Assert.Equal(listed.Count + dues.Count == 0, register.IsEmpty);
    }

    private static void Add(NameRegister register, string name, DateTimeOffset? dueAt)
    {
        register.TryAdd(name, dueAt, At(10), out var fact);
        register.Apply(fact!); // It is new.
    }

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);
}
