namespace Signalbox.Core.Names;

/// <summary>Values by filter, in a tree of levels: a name finds its filters without a scan.</summary>
/// <remarks>
/// <para>One writer at a time; readers need no lock and never wait. What a writer has set before a reader begins is found,
/// and what it has removed before that is not.</para>
/// <para>Levels that no two filters part at are one branch, so there are at most two branches to a filter however many
/// levels it has. Setting and removing look at as many branches as the filter has levels, whatever else is there; a
/// branch's <see cref="FilterLevels"/> bound what each of them costs.</para>
/// <code>
///  a/b/c, a/b/+, a/b/c/#                 root
///                                          a/b
///                                            +      here: a/b/+
///                                            c      here: a/b/c, all: a/b/c/#
/// </code>
/// </remarks>
public sealed class FilterTree<T>
    where T : class
{
    private readonly FilterBranch _root = FilterBranch.NewRoot();
    private int _count;

    /// <summary>How many filters there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many branches there are beside the root. Walks through all of them.</summary>
    public int CountBranches() => _root.CountBelow();

    /// <summary>What writers have done so far, counted: branches they looked at, and places they copied.</summary>
    internal long Steps { get; private set; }

    public T? Find(string filter)
    {
        var path = new FilterPath(filter);
        var branch = _root;
        while (!path.IsOver)
        {
            if (branch.Child(path.Level) is not { } child || !child.Has(ref path)) return null;
            branch = child;
        }

        return (T?)branch.Value(path.IsAll);
    }

    /// <summary>Sets the filter's value, in the place of any that it has.</summary>
    public void Set(string filter, T value)
    {
        var path = new FilterPath(filter);
        var branch = _root;
        while (!path.IsOver)
        {
            Steps++;
            var child = branch.Child(path.Level);
            if (child is null)
            {
                Steps += branch.Add(path.NewBranch(value));
                Volatile.Write(ref _count, _count + 1);
                return;
            }

            var common = child.LengthInCommon(path);
            if (common < child.Length)
            {
                // Readers find what is there before the split and after it.
                var upper = child.Split(common);
                branch.Replace(child, upper);
                child = upper;
            }

            path.Pass(common);
            branch = child;
        }

        if (branch.Value(path.IsAll) is null) Volatile.Write(ref _count, _count + 1);
        branch.SetValue(path.IsAll, value);
    }

    /// <summary>Takes the filter out, unless it has another value by now.</summary>
    /// <returns>Whether it had this one.</returns>
    public bool Remove(string filter, T value)
    {
        var path = new FilterPath(filter);
        FilterBranch? above = null;
        FilterBranch? higher = null;
        var branch = _root;
        while (!path.IsOver)
        {
            Steps++;
            if (branch.Child(path.Level) is not { } child || !child.Has(ref path)) return false;
            (higher, above, branch) = (above, branch, child);
        }

        if (branch.Value(path.IsAll) != value) return false;

        branch.SetValue(path.IsAll, null);
        Volatile.Write(ref _count, _count - 1);
        if (above is null || !branch.IsBare) return true;

        if (branch.OnlyChild is { } only)
        {
            above.Replace(branch, only.Below(branch));
        }
        else if (branch.IsEmpty)
        {
            Steps += above.Remove(branch);
            if (higher is not null && above is { IsBare: true, OnlyChild: { } left }) higher.Replace(above, left.Below(above));
        }

        return true;
    }

    /// <summary>Adds the value of every filter that matches the name.</summary>
    /// <returns>How many branches it came by, which is what it cost: never more than there are.</returns>
    public int Match(ReadOnlySpan<char> name, List<T> matches)
    {
        if (Count == 0) return 0;

        // A wildcard on the first level does not see the system's names.
        return Match(_root, name, 0, matches, allowWildcards: !Name.IsSystem(name));
    }

    private static int Match(FilterBranch branch, ReadOnlySpan<char> name, int at, List<T> matches, bool allowWildcards)
    {
        // "a/#" is also "a" itself.
        if (allowWildcards && branch.Value(isAll: true) is { } all) matches.Add((T)all);
        if (at > name.Length)
        {
            if (branch.Value(isAll: false) is { } here) matches.Add((T)here);
            return 1;
        }

        var visited = 1;
        if (allowWildcards && branch.AnyLevel is { } any)
        {
            var next = any.Pass(name, at);
            visited += next < 0 ? 1 : Match(any, name, next, matches, allowWildcards: true);
        }

        if (branch.ChildOf(name, at) is { } exact)
        {
            var next = exact.Pass(name, at);
            visited += next < 0 ? 1 : Match(exact, name, next, matches, allowWildcards: true);
        }

        return visited;
    }
}
