using System.Buffers;
using System.IO.Pipelines;
using Signalbox.Protocol.Framing;

namespace Signalbox.Client;

/// <summary>The bytes of one connection: a reader that cuts frames, a writer that sends what has gathered.</summary>
/// <remarks>It knows nothing of what is in a frame. While a frame is being handled nothing is read.</remarks>
internal sealed class Wire(Stream stream, int maxReplyBytes, TimeProvider clock) : IAsyncDisposable
{
    private const int ReadBytes = 16 * 1024;

    private readonly CancellationTokenSource _end = new();
    private Exception? _reason;
    private long _lastHeard = clock.GetTimestamp();
    private long _lastSaid = clock.GetTimestamp();
    private long _saidUpTo;
    private volatile bool _isReading;

    public Outbox Outbox { get; } = new();

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>Runs until the peer closes, something breaks, or <see cref="Kill"/>.</summary>
    /// <param name="onRoom">Called when what had gathered is written.</param>
    /// <returns>Why it ended.</returns>
    public async Task<Exception> RunAsync(Func<ReadOnlyMemory<byte>, ValueTask> onFrame, Action onRoom)
    {
        var reading = ReadAsync(onFrame);
        var writing = WriteAsync(onRoom);
        var first = await Task.WhenAny(reading, writing).ConfigureAwait(false);
        Kill(first.Exception?.InnerException ?? new IOException("The server closed the connection."));
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _reason!; // Killed just above, if not before.
    }

    /// <summary>Ends the connection for this reason; the first reason counts.</summary>
    public void Kill(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null) return;

        Outbox.Close();
        _end.Cancel();
    }

    /// <summary>How long the peer has said nothing while we listened.</summary>
    public TimeSpan Silence => _isReading ? clock.GetElapsedTime(Volatile.Read(ref _lastHeard)) : TimeSpan.Zero;

    /// <summary>Whether we have said nothing for this long. Asked by one timer only.</summary>
    public bool IsQuietFor(TimeSpan time)
    {
        var appended = Outbox.Appended;
        if (appended != _saidUpTo)
        {
            _saidUpTo = appended;
            _lastSaid = clock.GetTimestamp();
        }

        return clock.GetElapsedTime(_lastSaid) >= time;
    }

    public async ValueTask DisposeAsync()
    {
        Kill(new IOException("The connection was closed."));
        // The source is not disposed of: somebody may be about to kill us, and it holds no timer.
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask> onFrame)
    {
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true));
        try
        {
            while (true)
            {
                Volatile.Write(ref _lastHeard, clock.GetTimestamp());
                _isReading = true;
                var read = await input.ReadAsync(_end.Token).ConfigureAwait(false);
                _isReading = false;
                var buffer = read.Buffer;
                try
                {
                    FrameStatus status;
                    while ((status = FrameCodec.TryRead(ref buffer, maxReplyBytes, out var body)) is FrameStatus.Complete)
                    {
                        await HandleAsync(body, onFrame).ConfigureAwait(false);
                    }

                    if (status is not FrameStatus.NeedMoreData) throw new InvalidDataException(Explain(status));
                    if (read.IsCompleted) return;
                }
                finally
                {
                    // Whole frames are consumed; of the last piece all is looked at, so the next read waits for more.
                    input.AdvanceTo(buffer.Start, buffer.End);
                }
            }
        }
        finally
        {
            await input.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(Action onRoom)
    {
        while (await Outbox.WaitAsync().ConfigureAwait(false))
        {
            await stream.WriteAsync(Outbox.Take(), _end.Token).ConfigureAwait(false);
            onRoom();
        }
    }

    private static ValueTask HandleAsync(ReadOnlySequence<byte> body, Func<ReadOnlyMemory<byte>, ValueTask> onFrame)
    {
        return body.IsSingleSegment ? onFrame(body.First) : CopyAndHandleAsync(body, onFrame);

        static async ValueTask CopyAndHandleAsync(ReadOnlySequence<byte> body, Func<ReadOnlyMemory<byte>, ValueTask> onFrame)
        {
            var length = (int)body.Length;
            var copy = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                body.CopyTo(copy);
                await onFrame(copy.AsMemory(0, length)).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(copy);
            }
        }
    }

    private string Explain(FrameStatus status) => status is FrameStatus.TooLarge
        ? $"The server sent a frame above {nameof(SignalboxClientOptions.MaxReplyBytes)} ({maxReplyBytes} bytes)."
        : "The server sent a frame too short to be one: is it a Signalbox server, and TLS as it should be?";
}
