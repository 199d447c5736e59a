using System.Buffers;
using Signalbox.Engine.Binary;

namespace Signalbox.Engine.Cluster.Journals;

/// <summary>
/// All that happened to one machine, in Orleans' grain storage. What happens while a write is under way gathers, and is
/// written at once after it.
/// </summary>
/// <remarks>
/// <para>A write costs a page at most, however large the machine is: news is added to the last page until that is full.
/// A machine that needs little keeps to one page, of which a snapshot takes the place when half of it is old. Of a larger
/// one, when there is as much news as it is large, a snapshot takes the place of all pages.</para>
/// <para>After a write that failed nobody knows what is stored, and the machine is ahead of it: the journal ends then,
/// and the grain with it. Used from its grain's turns only.</para>
/// </remarks>
internal sealed class Journal
{
    private const int SnapshotPageBytes = 256 * 1024;
    private const long LeastNewsForSnapshot = 64 * 1024;

    // At this size it is seen how much of an only page is old, and then at four times what is not.
    private const int LeastFoldBytes = 1024;

    private readonly PageStorage _pages;
    private readonly IJournaled _machine;
    private readonly Action<Exception> _onFailure;
    private readonly Stored<JournalHead> _head;
    private long _last;
    private TailPage? _tail;
    private int _foldAt = LeastFoldBytes;
    private long _snapshotBytes;
    private long _newsBytes;
    private Gathered _open = new();
    private Gathered? _underWay;
    private Task _writing = Task.CompletedTask;
    private LogFailedException? _failure;

    private Journal(
        PageStorage pages,
        IJournaled machine,
        Stored<JournalHead> head,
        JournalReader read,
        Action<Exception> onFailure)
    {
        _pages = pages;
        _machine = machine;
        _head = head;
        _onFailure = onFailure;
        _last = read.Last;
        _tail = read.Tail;
        (_snapshotBytes, _newsBytes) = read.Sizes;
    }

    /// <summary>Whether anything is stored.</summary>
    public bool HasPages => _last >= _head.State.First;

    private bool HasOnePage => _tail is not null && _last == _head.State.First;

    /// <summary>Whether the end has come: nothing can be taken down any more.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Makes the machine again of what is stored.</summary>
    public static async Task<Journal> OpenAsync(PageStorage pages, IJournaled machine, Action<Exception> onFailure)
    {
        var head = await pages.ReadHeadAsync();
        machine.Begin();
        var reader = new JournalReader(pages, machine);
        await reader.ReadAsync(head.State.First);
        // What a silo did not come to clear when it died. There is nothing before the first of all pages.
        for (var old = head.State.First - 1; old >= 0 && await pages.ClearAsync(old); old--)
        {
            // Until there is none.
        }

        return new Journal(pages, machine, head, reader, onFailure);
    }

    /// <summary>Takes down a fact that is applied in the same turn.</summary>
    public void Add(object fact)
    {
        ThrowIfFailed();
        BinaryForm.Write(_open.Facts, fact);
    }

    /// <summary>Waits until all that was taken down so far is stored.</summary>
    public ValueTask WhenWrittenAsync()
    {
        ThrowIfFailed();
        if (_open.IsEmpty) return _underWay is null ? default : new(_underWay.Written.Task);

        // Writing takes what has gathered at once: ask for its task before.
        var written = _open.Written.Task;
        BeginWriting();
        return new(written);
    }

    /// <summary>Writes what was taken down, for nobody who waits for it.</summary>
    public void BeginWriting()
    {
        if (_underWay is null && !_open.IsEmpty) _writing = WriteAllAsync();
    }

    /// <summary>The grain goes: writes what is left, and clears all where the machine can be forgotten.</summary>
    public async Task CloseAsync()
    {
        await WhenWrittenAsync();
        await _writing;
        if (!_machine.CanForget || !HasPages) return;

        var first = _head.State.First;
        if (HasOnePage)
        {
            await _pages.ClearAsync(first, _tail!.Stored); // It has one.
            if (_head.RecordExists) await _pages.ClearHeadAsync(_head);
            return;
        }

        // From here on it is empty, whatever is left to be cleared.
        await MoveHeadAsync(_last + 1);
        for (var number = first; number <= _last; number++) await _pages.ClearAsync(number);
        await _pages.ClearHeadAsync(_head);
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (!_open.IsEmpty)
            {
                var batch = _underWay = _open;
                _open = new Gathered();
                if (_newsBytes >= Math.Max(LeastNewsForSnapshot, _snapshotBytes)) await WriteSnapshotAsync(batch);
                else await WriteNewsAsync(batch);
            }

            _underWay = null;
        }
        // Whatever storage throws: it is every caller's answer, and the end of this activation.
        catch (Exception failure)
        {
            _failure = new LogFailedException("The journal could not be written.", failure);
            Fail(_underWay!, _failure); // It is under way.
            Fail(_open, _failure);
            _onFailure(failure);
        }
    }

    private async Task WriteNewsAsync(Gathered batch)
    {
        var news = batch.Facts.WrittenMemory;
        _newsBytes += news.Length;
        if (!TryAppend(news.Span) && !TryFold(news))
        {
            await SealAsync();
            _tail = NewPage(PageKind.News, news.ToArray());
            _last++;
        }

        batch.LetGoOfFacts();
        await WriteTailAsync(_tail!); // There it went.
        batch.Written.SetResult();
    }

    private bool TryAppend(ReadOnlySpan<byte> news)
    {
        if (_tail is not { TakesMore: true }) return false;
        if (_tail.Bytes + news.Length > (HasOnePage ? _foldAt : TailPage.FullBytes)) return false;

        _tail.Append(news);
        return true;
    }

    // The machine has what gathered in it already, so the snapshot stands for that too.
    private bool TryFold(ReadOnlyMemory<byte> news)
    {
        if (!HasOnePage) return false;

        var tail = _tail!; // It has one.
        var pages = PagesOf(_machine.Snapshot());
        var facts = pages[0].Stored.State.Facts;
        var isWorthIt = pages.Count == 1 && facts.Length * 2 <= tail.Bytes + news.Length;
        _foldAt = isWorthIt ? Math.Clamp(facts.Length * 4, LeastFoldBytes, TailPage.FullBytes) : TailPage.FullBytes;
        if (!isWorthIt) return TryAppend(news.Span);

        tail.Replace(PageKind.SnapshotEnd, facts);
        (_snapshotBytes, _newsBytes) = (facts.Length, 0);
        return true;
    }

    private async Task WriteSnapshotAsync(Gathered batch)
    {
        // Before anything is waited for: meanwhile more may happen, which is not of this batch.
        var pages = PagesOf(_machine.Snapshot());
        var oldFirst = _head.State.First;
        var newFirst = _last + 1;
        batch.LetGoOfFacts();
        await SealAsync();
        _snapshotBytes = pages.Sum(page => (long)page.Bytes);
        _newsBytes = 0;
        foreach (var page in pages)
        {
            _last++;
            await WriteTailAsync(page);
        }

        _tail = pages[^1];
        batch.Written.SetResult();

        await MoveHeadAsync(newFirst);
        for (var number = oldFirst; number < newFirst; number++) await _pages.ClearAsync(number);
    }

    // Another activation may have read the journal up to this page, and would write to it next. That is refused from now
    // on, as it would not be if only pages behind it were written here.
    private async Task SealAsync()
    {
        if (_tail is { TakesMore: true }) await _pages.WriteAsync(_last, _tail.Stored);
    }

    private async Task WriteTailAsync(TailPage page)
    {
        await _pages.WriteAsync(_last, page.Stored);
        page.Written();
    }

    private async Task MoveHeadAsync(long first)
    {
        _head.State.First = first;
        await _pages.WriteHeadAsync(_head);
    }

    private static List<TailPage> PagesOf(IEnumerable<object> facts)
    {
        var pages = new List<TailPage>();
        var bytes = FactBuffer.Rent();
        foreach (var fact in facts)
        {
            BinaryForm.Write(bytes, fact);
            if (bytes.WrittenCount < SnapshotPageBytes) continue;

            pages.Add(NewPage(PageKind.SnapshotPart, bytes.WrittenSpan.ToArray()));
            bytes.ResetWrittenCount();
        }

        pages.Add(NewPage(PageKind.SnapshotEnd, bytes.WrittenSpan.ToArray()));
        FactBuffer.Return(bytes);
        return pages;
    }

    private static TailPage NewPage(PageKind kind, byte[] facts) =>
        new(new Stored<Page> { State = new Page { Kind = kind, Facts = facts } });

    private static void Fail(Gathered batch, Exception failure)
    {
        if (!batch.Written.TrySetException(failure)) return;

        // Not everybody who wrote waits.
        _ = batch.Written.Task.Exception;
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null) throw new LogFailedException(_failure.Message, _failure);
    }

    /// <summary>What is written together, and who waits for it.</summary>
    private sealed class Gathered
    {
        private ArrayBufferWriter<byte>? _facts;

        public ArrayBufferWriter<byte> Facts => _facts ??= FactBuffer.Rent();

        public bool IsEmpty => _facts is null or { WrittenCount: 0 };

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>They are on a page.</summary>
        public void LetGoOfFacts()
        {
            FactBuffer.Return(Facts);
            _facts = null;
        }
    }
}
