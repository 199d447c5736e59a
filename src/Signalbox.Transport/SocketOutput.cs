using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Signalbox.Gates;

namespace Signalbox.Transport;

/// <summary>
/// What goes out on a connection. A flush sends on the thread that asks for it, and is done when the kernel has taken
/// every byte: until then what is left waits here, and the loop sends it when there is room.
/// </summary>
internal sealed class SocketOutput(SocketConnection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private readonly Gate _gate = new(GateRank.SocketOutput);
    private ManualResetValueTaskSourceCore<FlushResult> _source;
    private CancellationTokenRegistration _cancellation;
    private TaskCompletionSource? _drained;
    private Block? _head;
    private Block? _tail;
    private long _unflushedBytes;
    private volatile bool _isWaiting;
    private volatile bool _isDraining;
    private bool _isCanceled;
    private bool _isCompleted;
    private bool _isDead;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushedBytes;

    // The writer's own, until it flushes: the loop touches nothing while no flush waits.
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_isCompleted) throw new InvalidOperationException("The writer is complete.");
        if (_tail is null || _tail.Room < Math.Max(sizeHint, 1)) AddBlock(sizeHint);
        return _tail!.Free; // Just added, where there was none.
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (bytes == 0) return;
        if (_tail is null || bytes < 0 || bytes > _tail.Room) throw new ArgumentOutOfRangeException(nameof(bytes));
        _tail.End += bytes;
        _unflushedBytes += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (_gate.Enter())
        {
            _unflushedBytes = 0;
            if (_isWaiting) throw new InvalidOperationException("There is a flush already.");
            if (_isCanceled || TrySendAll()) return new ValueTask<FlushResult>(TakeResult());

            _source.Reset();
            _isWaiting = true;
            var flush = new ValueTask<FlushResult>(this, _source.Version);
            if (cancellationToken.CanBeCanceled)
            {
                _cancellation = cancellationToken.UnsafeRegister(
                    static (state, token) => ((SocketOutput)state!).CancelFlush(token), this);
            }

            return flush;
        }
    }

    /// <summary>There is room for more. On the loop's thread.</summary>
    public void Changed()
    {
        if (!_isWaiting && !_isDraining) return;

        FlushResult result;
        using (_gate.Enter())
        {
            if ((!_isWaiting && !_isDraining) || !TrySendAll()) return;

            if (_isDraining) _drained!.TrySetResult(); // Set before it drains.
            if (!_isWaiting) return;
            result = StopWaiting();
        }

        Finish(result);
    }

    public override void CancelPendingFlush()
    {
        FlushResult result;
        using (_gate.Enter())
        {
            _isCanceled = true;
            if (!_isWaiting) return;
            result = StopWaiting();
        }

        Finish(result);
    }

    public override void Complete(Exception? exception = null)
    {
        using (_gate.Enter())
        {
            if (_isCompleted) return;
            _isCompleted = true;
            if (TrySendAll()) return;
            _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _isDraining = true;
        }
    }

    /// <summary>Completes when nothing is left to be sent, or nothing can be.</summary>
    public Task WhenDrainedAsync()
    {
        using (_gate.Enter()) return _isDraining && !_isDead && _head is not null ? _drained!.Task : Task.CompletedTask; // Set with it.
    }

    /// <summary>The connection is gone: what is left is dropped, and whoever waits is let go.</summary>
    public void Kill()
    {
        FlushResult result;
        using (_gate.Enter())
        {
            if (_isDead) return;
            _isDead = true;
            _drained?.TrySetResult();
            // Somebody may be writing into the last block just now: only what waits for the loop is given back.
            if (!_isWaiting) return;
            DropAll();
            result = StopWaiting();
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => Finish(result), null);
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void AddBlock(int sizeHint)
    {
        var block = sizeHint > Blocks.SizeBytes ? new Block(sizeHint) : Blocks.Rent();
        if (_tail is null) _head = block;
        else _tail.Link(block);
        _tail = block;
    }

    private bool TrySendAll()
    {
        while (_head is { } block && !_isDead)
        {
            if (block.Length > 0)
            {
                var sent = connection.Loop.Kernel.Send(connection.Handle, block.Bytes);
                if (sent == -Libc.WouldBlock) return false;
                if (sent < 0)
                {
                    _isDead = true;
                    connection.Closed();
                    break;
                }

                block.Start += sent;
                if (block.Length > 0) continue;
            }

            _head = block.NextBlock;
            if (_head is null) _tail = null;
            Blocks.Return(block);
        }

        if (_isDead) DropAll();
        return true;
    }

    private FlushResult TakeResult()
    {
        var isCanceled = _isCanceled;
        _isCanceled = false;
        return new FlushResult(isCanceled, isCompleted: _isDead);
    }

    private FlushResult StopWaiting()
    {
        _isWaiting = false;
        return TakeResult();
    }

    private void Finish(FlushResult result)
    {
        var cancellation = _cancellation;
        _cancellation = default;
        cancellation.Dispose();
        _source.SetResult(result);
    }

    private void CancelFlush(CancellationToken token)
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
    }
}
