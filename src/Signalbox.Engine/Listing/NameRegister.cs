using System.Diagnostics;

namespace Signalbox.Engine.Listing;

/// <summary>The names of the machines that there are, in order, and when which of them has to be looked after.</summary>
/// <remarks>
/// <para>A machine that only lies in storage does not notice that its time has come: whoever keeps this register does,
/// and wakes it.</para>
/// <para>Deciding and doing are apart, as in every machine. Not thread-safe.</para>
/// </remarks>
public sealed class NameRegister(int maxNames)
{
    private const int NamesAtOnce = 1024;

    private readonly NameIndex _names = new();
    private readonly Dictionary<string, long> _dueByName = new(StringComparer.Ordinal);
    private readonly SortedSet<(long Ticks, string Name)> _dues = new(ByTimeThenName);

    /// <summary>How many machines there are.</summary>
    public int Count => _names.Count;

    /// <summary>Whether nothing is known here.</summary>
    public bool IsEmpty => Count == 0 && _dues.Count == 0;

    /// <summary>When <see cref="DueNames"/> next has a name; null for never.</summary>
    public DateTimeOffset? NextDue => _dues.Count == 0 ? null : new DateTimeOffset(_dues.Min.Ticks, TimeSpan.Zero);

    private static Comparer<(long Ticks, string Name)> ByTimeThenName { get; } = Comparer<(long Ticks, string Name)>.Create(
        static (one, other) => one.Ticks != other.Ticks
            ? one.Ticks.CompareTo(other.Ticks)
            : string.CompareOrdinal(one.Name, other.Name));

    public Page<string> Page(ListRequest request) => _names.Page(request);

    /// <summary>The names that are due, the earliest first.</summary>
    public IReadOnlyList<string> DueNames(DateTimeOffset now, int limit) =>
        [.. _dues.TakeWhile(due => due.Ticks <= now.UtcTicks).Take(limit).Select(due => due.Name)];

    /// <param name="confirmAt">
    /// A name that is new here is due by then at the latest: whoever adds it may die before there is a machine.
    /// </param>
    /// <param name="fact">Null where nothing changes.</param>
    /// <returns>False where there are as many names as may be.</returns>
    public bool TryAdd(string name, DateTimeOffset? dueAt, DateTimeOffset confirmAt, out NameAdded? fact)
    {
        fact = null;
        var isNew = !_names.Contains(name);
        if (isNew && Count >= maxNames) return false;
        if (isNew && !(dueAt <= confirmAt)) dueAt = confirmAt;

        if (isNew || DueOf(name) != dueAt) fact = new NameAdded(name, dueAt);
        return true;
    }

    /// <returns>Null where nothing changes.</returns>
    public NameRemoved? Remove(string name, DateTimeOffset? dueAt) =>
        _names.Contains(name) || DueOf(name) != dueAt ? new NameRemoved(name, dueAt) : null;

    /// <summary>That the name is due later, and else as it is.</summary>
    public NameFact Postpone(string name, DateTimeOffset dueAt) =>
        _names.Contains(name) ? new NameAdded(name, dueAt) : new NameRemoved(name, dueAt);

    public void Apply(NameFact fact)
    {
        switch (fact)
        {
            case NameAdded added:
                _names.Add(added.Name);
                SetDue(added.Name, added.DueAt);
                break;

            case NameRemoved removed:
                _names.Remove(removed.Name);
                SetDue(removed.Name, removed.DueAt);
                break;

            default:
                throw new UnreachableException($"A register of names cannot apply {fact.GetType().Name}.");
        }
    }

    /// <summary>Facts that make an equal register of an empty one.</summary>
    public IEnumerable<NameFact> Snapshot()
    {
        for (string? after = ""; after is not null;)
        {
            // In order, so that whoever reads them finds each name's place at the end.
            var page = Page(new ListRequest("", after, NamesAtOnce));
            foreach (var name in page.Entries) yield return new NameAdded(name, DueOf(name));
            after = page.Next;
        }

        foreach (var (_, name) in _dues)
        {
            if (!_names.Contains(name)) yield return new NameRemoved(name, DueOf(name));
        }
    }

    private DateTimeOffset? DueOf(string name) =>
        _dueByName.TryGetValue(name, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private void SetDue(string name, DateTimeOffset? dueAt)
    {
        if (_dueByName.Remove(name, out var old)) _dues.Remove((old, name));
        if (dueAt is not { UtcTicks: var ticks }) return;

        _dueByName.Add(name, ticks);
        _dues.Add((ticks, name));
    }
}
