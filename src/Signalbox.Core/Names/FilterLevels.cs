using System.Runtime.CompilerServices;

namespace Signalbox.Core.Names;

/// <summary>
/// The branches that begin with different levels, by their first: nothing, one, an array of few, or places by the level's
/// hash, in as many steps as it takes to tell them apart.
/// <code>
///  null | FilterBranch | FilterBranch[]          up to MostInArray
///  Places: 16 × (null | FilterBranch | Places)   four bits of the hash a step; behind the last step FilterBranch[]
/// </code>
/// </summary>
/// <remarks>
/// One writer at a time; readers see each change as a whole, since it is one reference that is written. A dictionary
/// would copy all that it has, now and then, while everybody who adds something waits. The hash is seeded in each
/// process: nobody outside can choose levels whose hashes are alike.
/// </remarks>
internal static class FilterLevels
{
    private const int MostInArray = 8;
    private const int FewAgain = 4;
    private const int BitsOfStep = 4;
    private const int Steps = 32 / BitsOfStep;

    public static FilterBranch? Find(object? levels, ReadOnlySpan<char> level)
    {
        if (levels is Places)
        {
            var hash = (uint)string.GetHashCode(level);
            for (; levels is Places places; hash >>= BitsOfStep) levels = Volatile.Read(ref places.At(hash));
        }

        if (levels is FilterBranch one) return one.FirstLevel.SequenceEqual(level) ? one : null;
        if (levels is not FilterBranch[] few) return null;

        foreach (var branch in few)
        {
            if (branch.FirstLevel.SequenceEqual(level)) return branch;
        }

        return null;
    }

    /// <param name="branch">None that is there begins with the same level.</param>
    /// <returns>How many places were copied.</returns>
    public static int Add(ref object? levels, FilterBranch branch)
    {
        switch (levels)
        {
            case Places places:
                return Put(places, branch);

            case FilterBranch[] { Length: MostInArray } few:
                var made = new Places();
                var copied = 0;
                foreach (var one in few) copied += Put(made, one);
                copied += Put(made, branch);
                Volatile.Write(ref levels, made);
                return copied;

            default:
                return Join(ref levels, branch);
        }
    }

    /// <param name="branch">It is there.</param>
    /// <param name="by">What begins with the same level.</param>
    public static void Replace(ref object? levels, FilterBranch branch, FilterBranch by)
    {
        ref var place = ref levels;
        var hash = (uint)string.GetHashCode(branch.FirstLevel);
        for (; place is Places places; hash >>= BitsOfStep) place = ref places.At(hash);

        if (place is FilterBranch[] few) Volatile.Write(ref few[Array.IndexOf(few, branch)], by);
        else Volatile.Write(ref place, by);
    }

    /// <param name="branch">It is there.</param>
    /// <returns>How many places were copied or looked at.</returns>
    public static int Remove(ref object? levels, FilterBranch branch) =>
        Remove(ref levels, branch, (uint)string.GetHashCode(branch.FirstLevel), isTop: true);

    public static IEnumerable<FilterBranch> All(object? levels) => levels switch
    {
        FilterBranch one => [one],
        FilterBranch[] few => few,
        Places places => Enumerable.Range(0, Places.Count).SelectMany(i => All(places.At((uint)i))),
        _ => [],
    };

    private static int Put(Places places, FilterBranch branch)
    {
        var hash = (uint)string.GetHashCode(branch.FirstLevel);
        for (var step = 1; ; step++, hash >>= BitsOfStep)
        {
            ref var place = ref places.At(hash);
            if (place is null || step == Steps) return Join(ref place, branch) + step;

            if (place is FilterBranch other)
            {
                var deeper = new Places();
                deeper.At((uint)string.GetHashCode(other.FirstLevel) >> (BitsOfStep * step)) = other;
                Volatile.Write(ref place, deeper);
            }

            places = (Places)place!; // It is, or was made so.
        }
    }

    private static int Join(ref object? levels, FilterBranch branch)
    {
        object joined = levels switch
        {
            null => branch,
            FilterBranch one => new FilterBranch[] { one, branch },
            _ => (FilterBranch[])[.. (FilterBranch[])levels, branch],
        };
        Volatile.Write(ref levels, joined);
        return joined is FilterBranch[] few ? few.Length : 1;
    }

    private static int Remove(ref object? levels, FilterBranch branch, uint hash, bool isTop)
    {
        switch (levels)
        {
            case Places places:
                var cost = Remove(ref places.At(hash), branch, hash >> BitsOfStep, isTop: false);
                if (places.TakeFew(isTop ? FewAgain : 1, out var left)) Volatile.Write(ref levels, left);
                return cost + Places.Count;

            case FilterBranch[] few:
                var others = Array.FindAll(few, one => one != branch);
                Volatile.Write(ref levels, others.Length == 1 ? others[0] : others);
                return few.Length;

            default:
                Volatile.Write(ref levels, null);
                return 1;
        }
    }

    private sealed class Places
    {
        public const int Count = 1 << BitsOfStep;

        private Sixteen _places;

        public ref object? At(uint hash) => ref _places[(int)(hash % Count)];

        /// <summary>What is here, where it is no more than so many branches, and nothing that only stands this deep.</summary>
        public bool TakeFew(int most, out object? left)
        {
            left = null;
            var found = 0;
            foreach (var place in _places)
            {
                if (place is null) continue;
                if (++found > most || place is not FilterBranch) return false;
                left = left is null ? place : Both(left, (FilterBranch)place);
            }

            return true;
        }

        private static FilterBranch[] Both(object some, FilterBranch other) =>
            some is FilterBranch one ? [one, other] : [.. (FilterBranch[])some, other];
    }

    [InlineArray(Places.Count)]
    private struct Sixteen
    {
        private object? _first;
    }
}
