namespace Signalbox.Engine.Cluster.Journals;

/// <summary>The last page of a journal, which is written again with what happens next as long as it has room.</summary>
internal sealed class TailPage(Stored<Page> stored)
{
    /// <summary>So much makes it full: a write is not to grow with the machine.</summary>
    public const int FullBytes = 4 * 1024;

    // What is stored begins it, and is not touched any more: whoever was given that may still hold it.
    private byte[] _room = [];

    public Stored<Page> Stored => stored;

    public int Bytes { get; private set; } = stored.State.Facts.Length;

    /// <summary>
    /// Whether anybody who reads the journal would add to this page. All activations of a grain see that alike. A part of a
    /// snapshot, behind which nothing may stand, is never so small.
    /// </summary>
    public bool TakesMore => Bytes < FullBytes;

    public void Append(ReadOnlySpan<byte> news)
    {
        var bytes = Bytes + news.Length;
        if (bytes > _room.Length)
        {
            var room = new byte[Math.Max(bytes, Math.Min(2 * bytes, FullBytes))];
            stored.State.Facts.CopyTo(room);
            _room = room;
        }

        news.CopyTo(_room.AsSpan(Bytes));
        Take(stored.State.Kind, _room.AsMemory(0, bytes));
    }

    public void Replace(PageKind kind, ReadOnlyMemory<byte> facts)
    {
        _room = [];
        Take(kind, facts);
    }

    /// <summary>It is stored: what nothing is added to any more need not stay in memory.</summary>
    public void Written()
    {
        if (TakesMore) return;

        _room = [];
        stored.State = new Page { Kind = stored.State.Kind };
    }

    private void Take(PageKind kind, ReadOnlyMemory<byte> facts)
    {
        stored.State = new Page { Kind = kind, Facts = facts };
        Bytes = facts.Length;
    }
}
