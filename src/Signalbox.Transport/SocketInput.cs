using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using Signalbox.Gates;

namespace Signalbox.Transport;

/// <summary>
/// What comes in on a connection. A read that waits goes on on the loop's thread as soon as there is something; nothing is
/// read ahead of the reader, so a peer whose messages nobody takes fills its own buffers.
/// </summary>
internal sealed class SocketInput(SocketConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    // What waits for its rest is kept in a block of its own size: many who send half a message must not cost much.
    private const int SmallBytes = 2 * 1024;

    // A tail with less room is left as it is.
    private const int LeastRoom = 512;

    // What a peer left behind is read to its end, to see the end, unless it is more than this.
    private const int MostAhead = 256 * 1024;

    private readonly Gate _gate = new(GateRank.SocketInput);
    private ManualResetValueTaskSourceCore<ReadResult> _source;
    private CancellationTokenRegistration _cancellation;
    private Block? _head;
    private Block? _tail;
    private Exception? _failure;
    private bool _isReadable;
    private bool _isPeerDone;
    private bool _isEnded;
    private bool _isExamined = true;
    private bool _isWaiting;
    private bool _isCanceled;
    private bool _isCompleted;

    private long UnreadBytes => _head is null ? 0 : _tail!.RunningIndex + _tail.End - _head.RunningIndex - _head.Start;

    private bool HasNews => !_isExamined || _isEnded || _isCanceled || _failure is not null;

    public override bool TryRead(out ReadResult result)
    {
        using (_gate.Enter())
        {
            if (_isCompleted) throw new InvalidOperationException("The reader is complete.");
            if (!HasNews && _isReadable && !connection.Loop.IsCurrent) Receive();
            if (!HasNews)
            {
                result = default;
                return false;
            }

            result = TakeResult();
            return true;
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (_gate.Enter())
        {
            if (_isCompleted) throw new InvalidOperationException("The reader is complete.");
            if (_isWaiting) throw new InvalidOperationException("There is a read already.");

            // On the loop's thread whoever has more to read waits until all others have had their turn.
            if (!HasNews && _isReadable && !connection.Loop.IsCurrent) Receive();
            if (HasNews) return new ValueTask<ReadResult>(TakeResult());

            _source.Reset();
            _isWaiting = true;
            if (_isReadable && connection.Loop.IsCurrent) connection.Loop.ReadOn(this);
            var read = new ValueTask<ReadResult>(this, _source.Version);
            if (cancellationToken.CanBeCanceled) CancelWith(cancellationToken);
            return read;
        }
    }

    /// <summary>There is something to read, or the end. On the loop's thread.</summary>
    public void Changed(bool isPeerDone)
    {
        ReadResult result;
        Exception? failure;
        using (_gate.Enter())
        {
            _isReadable = true;
            _isPeerDone |= isPeerDone;
            if (_isCompleted || _isEnded || _failure is not null) return;

            if (_isWaiting) Receive();
            // Whether anybody reads or not, somebody may want to know that the peer is gone.
            if (_isPeerDone) ReceiveRest();
            if (!_isWaiting || !HasNews) return;

            (result, failure) = StopWaiting();
        }

        Finish(result, failure);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        using (_gate.Enter())
        {
            if (_head is null || _tail is null || consumed.GetObject() is not Block block) return;

            var seen = examined.GetObject() as Block ?? block;
            _isExamined = seen.RunningIndex + examined.GetInteger() >= _tail.RunningIndex + _tail.End;
            for (var done = _head; done != block;)
            {
                var next = done.NextBlock ?? throw new InvalidOperationException("This was consumed before.");
                Blocks.Return(done);
                done = next;
            }

            _head = block;
            block.Start = consumed.GetInteger();
            if (block == _tail && block.Length == 0) DropAll();
            else if (_isExamined && block == _tail && block.Size > SmallBytes && block.Length <= SmallBytes / 2) Shrink();
        }
    }

    public override void CancelPendingRead()
    {
        ReadResult result;
        Exception? failure;
        using (_gate.Enter())
        {
            _isCanceled = true;
            if (!_isWaiting) return;
            (result, failure) = StopWaiting();
        }

        Finish(result, failure);
    }

    public override void Complete(Exception? exception = null)
    {
        using (_gate.Enter())
        {
            _isCompleted = true;
            DropAll();
        }
    }

    /// <summary>Nothing more comes, and whoever reads is told why.</summary>
    public void Fail(Exception reason)
    {
        ReadResult result;
        Exception? failure;
        using (_gate.Enter())
        {
            _failure ??= reason;
            if (!_isWaiting) return;
            (result, failure) = StopWaiting();
        }

        // Whoever aborts a connection does not do its reader's work.
        ThreadPool.UnsafeQueueUserWorkItem(_ => Finish(result, failure), null);
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Receive()
    {
        // Before the read: what arrives during it is reported, and must not be forgotten after it.
        _isReadable = false;
        var block = _tail is not null && _tail.Room >= LeastRoom ? _tail : Blocks.Rent();
        var room = block.Room;
        var received = connection.Loop.Kernel.Receive(connection.Handle, block.Free.Span);
        if (received > 0)
        {
            block.End += received;
            _isExamined = false;
            Append(block);
            // A read that was not filled has emptied the socket, unless the end has been reported already.
            _isReadable = received == room || _isPeerDone;
            return;
        }

        if (block != _tail) Blocks.Return(block);
        if (received == -Libc.WouldBlock) return;

        if (received == 0) _isEnded = true;
        else _failure = new ConnectionResetException($"The connection was lost (error {-received}).");
        connection.Closed();
    }

    private void ReceiveRest()
    {
        while (_isReadable && !_isEnded && _failure is null && UnreadBytes < MostAhead) Receive();
    }

    private void Append(Block block)
    {
        if (block == _tail) return;

        if (_tail is null) _head = block;
        else _tail.Link(block);
        _tail = block;
    }

    private ReadResult TakeResult()
    {
        // Each read throws one of its own: an exception that is thrown on two threads at once can end the process.
        if (_failure is { } failure) throw new ConnectionResetException(failure.Message, failure);

        var isCanceled = _isCanceled;
        _isCanceled = false;
        var buffer = _head is null || _tail is null
            ? ReadOnlySequence<byte>.Empty
            : new ReadOnlySequence<byte>(_head, _head.Start, _tail, _tail.End);
        return new ReadResult(buffer, isCanceled, _isEnded);
    }

    private (ReadResult Result, Exception? Failure) StopWaiting()
    {
        _isWaiting = false;
        return _failure is null ? (TakeResult(), null) : (default, _failure);
    }

    // Outside of the gate: what goes on from here reads, writes and advances.
    private void Finish(ReadResult result, Exception? failure)
    {
        var cancellation = _cancellation;
        _cancellation = default;
        cancellation.Dispose();
        if (failure is null) _source.SetResult(result);
        else _source.SetException(failure);
    }

    private void CancelWith(CancellationToken token) =>
        _cancellation = token.UnsafeRegister(
            static (state, token) => ((SocketInput)state!).CancelRead(token), this);

    private void CancelRead(CancellationToken token)
    {
        using (_gate.Enter())
        {
            if (!_isWaiting) return;
            _isWaiting = false;
        }

        _cancellation = default;
        _source.SetException(new OperationCanceledException(token));
    }

    private void DropAll()
    {
        Blocks.ReturnAll(_head);
        _head = _tail = null;
        _isExamined = true;
    }

    private void Shrink()
    {
        var large = _head!; // There is one, and it is the tail too.
        var small = new Block(SmallBytes);
        small.Append(large.Bytes);
        Blocks.Return(large);
        _head = _tail = small;
    }
}
