using Signalbox.Engine.Binary;

namespace Signalbox.Engine.Cluster.Journals;

/// <summary>Reads a journal from its beginning to its end, and makes a machine of it.</summary>
internal sealed class JournalReader(PageStorage pages, IJournaled machine)
{
    // So many pages are asked for at once, at most: few questions for a small journal, few waits for a long one.
    private const int MostAtOnce = 16;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];

    /// <summary>The number of the page that was read last; one less than the first where there was none.</summary>
    public long Last { get; private set; }

    /// <summary>That page; null where there was none.</summary>
    public TailPage? Tail { get; private set; }

    /// <summary>How many bytes the last snapshot has, and how many the news after it.</summary>
    public (long Snapshot, long News) Sizes { get; private set; }

    public async Task ReadAsync(long first)
    {
        Last = first - 1;
        for (var count = 1; ; count = Math.Min(count * 2, MostAtOnce))
        {
            var window = await Task.WhenAll(Enumerable.Range(0, count).Select(i => pages.ReadAsync(Last + 1 + i)));
            foreach (var page in window)
            {
                if (page is null)
                {
                    Tail?.Written();
                    return;
                }

                Last++;
                Take(page);
            }
        }
    }

    private void Take(Stored<Page> page)
    {
        Tail = new TailPage(page);
        switch (page.State.Kind)
        {
            case PageKind.News:
                // A snapshot that was not finished says nothing: what it would have replaced is still there.
                _parts.Clear();
                Apply(page.State.Facts.Span);
                Sizes = Sizes with { News = Sizes.News + page.State.Facts.Length };
                break;

            case PageKind.SnapshotPart:
                _parts.Add(page.State.Facts);
                break;

            case PageKind.SnapshotEnd:
                _parts.Add(page.State.Facts);
                machine.Begin();
                foreach (var part in _parts) Apply(part.Span);
                Sizes = (_parts.Sum(part => (long)part.Length), 0);
                _parts.Clear();
                break;
        }
    }

    private void Apply(ReadOnlySpan<byte> facts)
    {
        while (!facts.IsEmpty)
        {
            var status = BinaryForm.TryRead(facts, out var fact, out var consumed);
            if (status is not BinaryStatus.Complete) throw new BinaryFormException(status);

            machine.Apply(fact!); // Complete, so there.
            facts = facts[consumed..];
        }
    }
}
