using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;
using Signalbox.Gateways.Metrics;

namespace Signalbox.Gateways.Outbound;

/// <summary>
/// The way out of one connection. Anybody may add to it and nobody waits; at any time at most one thread writes,
/// gathers what waits into few large writes, and leaves when there is no more.
/// </summary>
/// <remarks>
/// The thread that writes is a lane's after a fan-out, the connection's own after a command (a reply then goes straight
/// into the pipe), or the transport's when a peer that was behind has read on.
/// </remarks>
internal sealed partial class OutboundQueue
{
    private readonly Gate _gate = new(GateRank.OutboundQueue);
    private readonly PipeWriter _pipe;
    private readonly WriteLane _lane;
    private readonly Backlog _backlog;
    private readonly Action _onOverflow;
    private readonly int _comfortableBytes;
    private Action? _resume;
    private ValueTaskAwaiter<FlushResult> _flush;
    private List<IHandOver>? _written;
    private List<ReadOnlyMemory<byte>>? _urgent;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _still;
    private long _flushing;
    private bool _isDraining;
    private bool _isQueued;
    private bool _isEnding;
    private bool _isDead;
    private bool _hasLetGo;

    /// <param name="onOverflow">Called, once, when the peer reads too slowly to be kept.</param>
    public OutboundQueue(
        PipeWriter pipe, WriteLane lane, int maxBytes, Func<Gap, ReadOnlyMemory<byte>> encodeGap, Action onOverflow)
    {
        _pipe = pipe;
        _lane = lane;
        _backlog = new Backlog(maxBytes, encodeGap);
        _onOverflow = onOverflow;
        _comfortableBytes = maxBytes / 4;
    }

    /// <summary>Writes deliveries with what only this connection has beside them, and says how many bytes it wrote; null
    /// where they are the same bytes for all.</summary>
    public Func<PipeWriter, OutboundEntry, int>? Stamp { get; init; }

    public required GatewayMetrics Metrics { get; init; }

    /// <summary>How metrics know the connection's protocol.</summary>
    public required int Protocol { get; init; }

    /// <summary>Adds deliveries, or gives up what the channel's policy says.</summary>
    public void Deliver(DeliveryBatch batch, EncodedBatch encoded, int first)
    {
        bool isOverflow;
        using (_gate.Enter())
        {
            if (_isEnding || _isDead) return;

            isOverflow = !_backlog.TryAddDeliveries(batch, encoded, first);
            if (_backlog.TakeMissed() is > 0 and var missed) Metrics.MessagesMissed(missed);
            if (isOverflow)
            {
                _isEnding = true;
                _backlog.Clear();
            }
            else
            {
                if (_isDraining || _isQueued) return;
                _isQueued = true;
            }
        }

        if (isOverflow) _onOverflow();
        else _lane.Add(this);
    }

    /// <summary>Adds replies: straight into the pipe where nothing is before them.</summary>
    /// <param name="bytes">Copied where they have to wait.</param>
    public void Reply(ReadOnlySpan<byte> bytes, IHandOver? handOver)
    {
        var isDirect = false;
        var isLost = false;
        using (_gate.Enter())
        {
            if (_isEnding || _isDead)
            {
                isLost = true;
            }
            else if (!_isDraining && _backlog.Count == 0 && _urgent is null)
            {
                isDirect = _isDraining = true;
            }
            else
            {
                _backlog.AddReply(OutboundEntry.OfReply(bytes.ToArray(), handOver));
                if (_isDraining || _isQueued) return;
                _isQueued = true;
            }
        }

        if (isLost)
        {
            handOver?.Lost();
        }
        else if (isDirect)
        {
            _pipe.Write(bytes);
            _flushing += bytes.Length;
            if (handOver is not null) (_written ??= []).Add(handOver);
            FlushAndDrain();
        }
        else
        {
            _lane.Add(this);
        }
    }

    /// <summary>Adds bytes that only this connection gets, behind all that waits; a lane writes them.</summary>
    public void Add(ReadOnlyMemory<byte> bytes)
    {
        using (_gate.Enter())
        {
            if (_isEnding || _isDead) return;
            _backlog.AddReply(OutboundEntry.OfReply(bytes, null));
            if (_isDraining || _isQueued) return;
            _isQueued = true;
        }

        _lane.Add(this);
    }

    /// <summary>Adds something small that goes before all that waits: pings, and the last word of a connection.</summary>
    public void Urgent(ReadOnlyMemory<byte> bytes)
    {
        using (_gate.Enter())
        {
            if (_isDead) return;
            (_urgent ??= []).Add(bytes);
            if (_isDraining || _isQueued) return;
            _isQueued = true;
        }

        _lane.Add(this);
    }

    /// <summary>Writes a sign of life, unless something is on its way that is one as well.</summary>
    public void Beat(ReadOnlyMemory<byte> bytes)
    {
        using (_gate.Enter())
        {
            if (_isDead || _isEnding || _isDraining || _isQueued) return;
            (_urgent ??= []).Add(bytes);
            _isQueued = true;
        }

        _lane.Add(this);
    }

    /// <summary>Whether the peer leaves so many replies unread that it should not be read from either.</summary>
    public bool IsBehind
    {
        get
        {
            using (_gate.Enter()) return _backlog.Bytes > _comfortableBytes && !_isDead;
        }
    }

    /// <summary>Completes when there is room for more replies, or the connection is at its end.</summary>
    public Task WaitForRoomAsync()
    {
        using (_gate.Enter())
        {
            if (_backlog.Bytes <= _comfortableBytes || _isDead || _isEnding || _hasLetGo) return Task.CompletedTask;
            return (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Nobody waits for room any more: the connection is to end, and whoever waits has to see to that.</summary>
    public void LetGo()
    {
        using (_gate.Enter())
        {
            _hasLetGo = true;
            _room?.TrySetResult();
            _room = null;
        }
    }

    /// <summary>Takes nothing more; completes when what waits has gone to the transport.</summary>
    /// <param name="lastWord">Goes behind all that waits; empty where there is none.</param>
    public Task EndAsync(ReadOnlyMemory<byte> lastWord)
    {
        Task drained;
        using (_gate.Enter())
        {
            _isEnding = true;
            if (_isDead) return Task.CompletedTask;
            if (!lastWord.IsEmpty) _backlog.AddReply(OutboundEntry.OfReply(lastWord, null));
            if (!_isDraining && _backlog.Count == 0 && _urgent is null) return Task.CompletedTask;
            drained = (_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            if (_isDraining || _isQueued) return drained;
            _isQueued = true;
        }

        _lane.Add(this);
        return drained;
    }

    /// <summary>The connection is gone: gives up everything that waits.</summary>
    public void Kill()
    {
        using (_gate.Enter())
        {
            _isDead = _isEnding = true;
            _backlog.Clear();
            _urgent = null;
            Tell();
        }
    }

    /// <summary>Completes when no thread writes. After <see cref="Kill"/> nobody touches the pipe from then on, and it may
    /// go back to whom it belongs.</summary>
    public Task WhenStillAsync()
    {
        using (_gate.Enter())
        {
            if (!_isDraining) return Task.CompletedTask;
            return (_still ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Tell()
    {
        _room?.TrySetResult();
        _room = null;
        _drained?.TrySetResult();
        _drained = null;
    }
}
