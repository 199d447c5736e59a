using Signalbox.Core.Names;

namespace Signalbox.Core.Tests.Names;

/// <summary>Readers beside the one writer: none of them waits, and each sees what was done before it began.</summary>
public sealed class FilterTreeReadersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_filter_that_is_there_is_found_while_others_come_and_go_around_it()
    {
        var tree = new FilterTree<string>();
        // These share branches with all that comes and goes: they are split, joined and moved all the time.
        string[] staying = ["a/b/c/#", "a/b/+", "a/+/c", "#", "n/1/x", "n/2/+"];
        foreach (var filter in staying) tree.Set(filter, filter);
        var isOver = false;
        var readings = 0;

        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var matches = new List<string>();
            while (!Volatile.Read(ref isOver))
            {
                foreach (var name in (string[])["a/b/c", "n/1/x", "n/2/y"])
                {
                    matches.Clear();
                    tree.Match(name, matches);
                    var expected = staying.Where(filter => ChannelFilter.Matches(filter, name));
                    Assert.Equal(expected.Order(), matches.Where(one => staying.Contains(one)).Order());
                    // What comes and goes may be there or not, but nothing is there that does not match, or twice.
                    Assert.All(matches, one => Assert.True(ChannelFilter.Matches(one, name)));
                    Assert.Equal(matches.Count, matches.Distinct().Count());
                }

                Interlocked.Increment(ref readings);
            }
        })).ToArray();
        for (var round = 0; round < 200 || Volatile.Read(ref readings) < 1_000; round++)
        {
            var random = new Random(round);
            var passing = Enumerable.Range(0, 300).Select(_ => Passing(random)).Except(staying).Distinct().ToArray();
            foreach (var filter in passing) tree.Set(filter, filter);
            foreach (var filter in passing.OrderBy(_ => random.Next())) Assert.True(tree.Remove(filter, filter));
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(staying.Length, tree.Count);
    }

    [Fact]
    public async Task A_filter_is_found_while_its_branch_is_split_and_joined()
    {
        var tree = new FilterTree<string>();
        tree.Set("n/1/x", "staying");
        var isOver = false;

        var reader = Task.Run(() =>
        {
            var (matches, readings) = (new List<string>(), 0);
            while (!Volatile.Read(ref isOver) || readings < 1_000)
            {
                matches.Clear();
                tree.Match("n/1/x", matches);
                Assert.Equal("staying", Assert.Single(matches));
                readings++;
            }
        }, TestContext.Current.CancellationToken);
        for (var n = 0; n < 300_000; n++)
        {
            tree.Set("n/1/y", "passing");
            Assert.True(tree.Remove("n/1/y", "passing"));
        }

        Volatile.Write(ref isOver, true);
        await reader.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, tree.CountBranches());
    }

    [Fact]
    public async Task What_was_set_before_a_reader_begins_is_found_and_what_was_removed_is_not()
    {
        const int most = 200_000;
        var tree = new FilterTree<string>();
        var filters = Enumerable.Range(0, most).Select(n => $"f{n}/#").ToArray();
        // Filters below the first number are gone, those from it to the second are there, the next is on its way.
        var (gone, come) = (0, 0);
        var isOver = false;

        var reader = Task.Run(() =>
        {
            var random = new Random(7);
            var matches = new List<string>();
            while (!Volatile.Read(ref isOver))
            {
                var last = Volatile.Read(ref come);
                if (last == 0) continue;

                var n = last - 1 - random.Next(Math.Min(last, 400));
                var wasGone = n < Volatile.Read(ref gone);
                matches.Clear();
                tree.Match($"f{n}/x", matches);
                // It may have been taken out since.
                if (!wasGone && n >= Volatile.Read(ref gone) + 1) Assert.Equal([filters[n]], matches);
                if (wasGone) Assert.Empty(matches);
            }
        }, TestContext.Current.CancellationToken);
        for (var n = 0; n < most; n++)
        {
            tree.Set(filters[n], filters[n]);
            Volatile.Write(ref come, n + 1);
            // In waves, so that places become more and fewer again.
            if (n % 400 != 399) continue;
            for (var i = n - 399; i <= n; i++)
            {
                // One that is about to go counts as neither.
                Assert.True(tree.Remove(filters[i], filters[i]));
                Volatile.Write(ref gone, i + 1);
            }
        }

        Volatile.Write(ref isOver, true);
        await reader.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, tree.Count);
    }

    private static string Passing(Random random)
    {
        if (random.Next(3) == 0) return $"n/{random.Next(40)}/{(random.Next(2) == 0 ? "+" : "z")}";

        var levels = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => ((string[])["a", "b", "c", "+"])[random.Next(4)]);
        var text = string.Join('/', levels);
        return random.Next(2) == 0 ? text : $"{text}/#";
    }
}
