namespace Signalbox.Engine.Cluster.Journals;

/// <summary>The last page of a journal, which is written again with what happens next as long as it has room.</summary>
internal sealed class TailPage(Stored<Page> stored)
{
    /// <summary>So much makes it full: a write is not to grow with the machine.</summary>
    public const int FullBytes = 4 * 1024;

    public Stored<Page> Stored => stored;

    public int Bytes { get; private set; } = stored.State.Facts.Length;

    /// <summary>
    /// Whether anybody who reads the journal would add to this page. All activations of a grain see that alike. A part of a
    /// snapshot, behind which nothing may stand, is never so small.
    /// </summary>
    public bool TakesMore => Bytes < FullBytes;

    public void Append(ReadOnlySpan<byte> news) => Replace(stored.State.Kind, [.. stored.State.Facts, .. news]);

    public void Replace(PageKind kind, byte[] facts)
    {
        stored.State = new Page { Kind = kind, Facts = facts };
        Bytes = facts.Length;
    }

    /// <summary>It is stored: what nothing is added to any more need not stay in memory.</summary>
    public void Written()
    {
        if (!TakesMore) stored.State = new Page { Kind = stored.State.Kind };
    }
}
