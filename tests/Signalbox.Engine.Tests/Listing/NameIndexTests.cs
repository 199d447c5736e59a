using FsCheck;
using FsCheck.Fluent;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Tests.Listing;

public sealed class NameIndexTests
{
    [Fact]
    public void It_answers_as_a_sorted_set_does() =>
        Prop.ForAll<int[]>(codes =>
        {
            var index = new NameIndex();
            var model = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var code in codes)
            {
                Toggle(index, model, code & 0x3ff);
                Assert.Equal(model.Count, index.Count);
            }

            AssertSamePages(model, index.Page, limit: 7);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void It_answers_as_a_sorted_set_does_when_leaves_split_and_vanish()
    {
        var random = new Random(1);
        var index = new NameIndex();
        var model = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 6_000; i++) Toggle(index, model, i);
        for (var i = 0; i < 20_000; i++) Toggle(index, model, random.Next(10_000));
        AssertSamePages(model, index.Page, limit: 333);

        foreach (var name in model.Where(name => !name.EndsWith('7')).ToList())
        {
            index.Remove(name);
            model.Remove(name);
        }

        AssertSamePages(model, index.Page, limit: 100);
        index.Clear();
        Assert.Equal(0, index.Count);
        Assert.Empty(index.Page(new ListRequest("", null, 10)).Entries);
    }

    [Fact]
    public void An_index_that_was_filled_answers_as_a_sorted_set_does_and_goes_on() =>
        Prop.ForAll<int[], byte>((codes, tens) =>
        {
            var names = Enumerable.Range(0, tens * 10).Select(number => $"key {number}").Reverse().ToList();
            var index = new NameIndex();
            var model = new SortedSet<string>(names, StringComparer.Ordinal);
            index.Add("old");
            index.Fill(names);
            Assert.Equal(model.Count, index.Count);

            foreach (var code in codes) Toggle(index, model, code & 0x3ff);

            AssertSamePages(model, index.Page, limit: 100);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Pages_over_several_indexes_are_as_those_of_one() =>
        Prop.ForAll<int[]>(codes =>
        {
            NameIndex[] indexes = [new(), new(), new()];
            var model = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var code in codes.Select(code => code & 0x3ff)) Toggle(indexes[code % 3], model, code);

            AssertSamePages(model, Merged(limitOfEach: 4), limit: 4);
            // Where each gives less than is asked for, the page is shorter, but nothing is passed over.
            AssertSamePages(model, Merged(limitOfEach: 1), limit: 4);

            Func<ListRequest, Page<string>> Merged(int limitOfEach) => request =>
                MergedPages.Of(request, indexes.Select(index => index.Page(request with { Limit = limitOfEach })));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_page_among_a_million_names_costs_as_little_as_among_few()
    {
        const int Names = 1_000_000;
        const int Pages = 20_000;
        var index = new NameIndex();
        for (var i = 0; i < Names; i++) index.Add($"name {i * 7919L % Names:D7}");

        // To walk through all names for each page would take minutes.
        for (var i = 0; i < Pages; i++)
        {
            var at = i * 49L % (Names - 10);
            var page = index.Page(new ListRequest("name ", $"name {at:D7}", Limit: 3));
            Assert.Equal([$"name {at + 1:D7}", $"name {at + 2:D7}", $"name {at + 3:D7}"], page.Entries);
        }
    }

    private static void Toggle(NameIndex index, SortedSet<string> model, int code)
    {
        // Prefixes of one another, upper and lower case, and characters that collate in other ways than by their code.
        var name = (code % 5) switch { 0 => "a", 1 => "A", 2 => "a/", 3 => "é", _ => "a-" } + code;
        if (model.Add(name))
        {
            index.Add(name);
            index.Add(name);
            return;
        }

        model.Remove(name);
        index.Remove(name);
        index.Remove(name);
    }

    private static void AssertSamePages(SortedSet<string> model, Func<ListRequest, Page<string>> pageOf, int limit)
    {
        foreach (var prefix in (string[])["", "a", "a/", "A1", "é", "none"])
        {
            var expected = model.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            var read = new List<string>();
            string? cursor = null;
            do
            {
                var page = pageOf(new ListRequest(prefix, cursor, limit));
                Assert.InRange(page.Entries.Count, 0, limit);
                read.AddRange(page.Entries);
                // A page that says that there is more must have something, or nobody would ever come to the end.
                Assert.True(page.Next is null || page.Entries.Count > 0);
                cursor = page.Next;
            }
            while (cursor is not null);

            Assert.Equal(expected, read);
        }
    }
}
