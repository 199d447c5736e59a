using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Signalbox.Transport.Tests.Faults;

/// <summary>The real kernel, until a test says which call fails how often.</summary>
internal sealed class FaultyKernel : Kernel
{
    private readonly ConcurrentDictionary<KernelCall, Line> _lines = new();
    private readonly SemaphoreSlim _rests = new(0);

    /// <summary>Whether a rest ends by itself, as it really does, or only when somebody ends it.</summary>
    public bool RestsEnd { get; init; } = true;

    /// <summary>Has the call fail from now on.</summary>
    /// <param name="error">A number of the kernel's; of a call that .NET makes, a <see cref="SocketError"/>.</param>
    /// <param name="after">As many calls succeed before.</param>
    public void Fail(KernelCall call, int error, int times = int.MaxValue, int after = 0) =>
        LineOf(call).Fault = new Fault(error, null, times, after);

    public void Fail(KernelCall call, Exception exception) => LineOf(call).Fault = new Fault(0, exception, int.MaxValue, 0);

    public void Heal(KernelCall call) => LineOf(call).Fault = null;

    /// <summary>As often as it was called, with or without success.</summary>
    public int Tried(KernelCall call) => Volatile.Read(ref LineOf(call).Tried);

    /// <summary>Completes when the call has failed once more.</summary>
    public async Task FailedAsync(KernelCall call) =>
        Assert.True(await LineOf(call).Failed.WaitAsync(Connections.Patience), $"{call} did not fail in time.");

    /// <summary>Completes when somebody rests once more.</summary>
    public async Task RestedAsync() => Assert.True(await _rests.WaitAsync(Connections.Patience), "Nobody rested in time.");

    public override Socket Bind(EndPoint endPoint) =>
        TryError(KernelCall.Bind) == 0 ? base.Bind(endPoint) : throw Thrown(KernelCall.Bind);

    public override void Listen(Socket socket, int backlog)
    {
        if (TryError(KernelCall.Listen) != 0) throw Thrown(KernelCall.Listen);
        base.Listen(socket, backlog);
    }

    public override ValueTask<Socket> AcceptAsync(Socket socket, CancellationToken cancellationToken) =>
        TryError(KernelCall.Accept) == 0
            ? base.AcceptAsync(socket, cancellationToken)
            : ValueTask.FromException<Socket>(Thrown(KernelCall.Accept));

    public override int OpenPoll() => -TryError(KernelCall.OpenPoll) is < 0 and var error ? error : base.OpenPoll();

    public override int OpenSignal() => -TryError(KernelCall.OpenSignal) is < 0 and var error ? error : base.OpenSignal();

    public override int Signal(SafeHandle signal) => -TryError(KernelCall.Signal) is < 0 and var error ? error : base.Signal(signal);

    public override int Watch(SafeHandle poll, SafeHandle file, uint events, ulong mark) =>
        -TryError(KernelCall.Watch) is < 0 and var error ? error : base.Watch(poll, file, events, mark);

    public override int Wait(SafeHandle poll, Span<byte> events, int milliseconds) =>
        -TryError(KernelCall.Wait) is < 0 and var error ? error : base.Wait(poll, events, milliseconds);

    public override int Receive(SafeHandle socket, Span<byte> into) =>
        -TryError(KernelCall.Receive) is < 0 and var error ? error : base.Receive(socket, into);

    public override int Send(SafeHandle socket, ReadOnlySpan<byte> bytes) =>
        -TryError(KernelCall.Send) is < 0 and var error ? error : base.Send(socket, bytes);

    public override void Rest(ManualResetEventSlim until, TimeSpan longest)
    {
        _rests.Release();
        base.Rest(until, RestsEnd ? longest : Connections.Patience);
    }

    private Line LineOf(KernelCall call) => _lines.GetOrAdd(call, _ => new Line());

    private int TryError(KernelCall call) => LineOf(call).Next();

    private Exception Thrown(KernelCall call)
    {
        var fault = LineOf(call).Last!; // It has just failed.
        return fault.Exception ?? new SocketException(fault.Error);
    }

    private sealed record Fault(int Error, Exception? Exception, int Times, int After);

    private sealed class Line
    {
        private readonly Lock _lock = new();
        private int _tried;

        public ref int Tried => ref _tried;

        public SemaphoreSlim Failed { get; } = new(0);

        public Fault? Last { get; private set; }

        public Fault? Fault
        {
            get;
            set
            {
                lock (_lock) field = value;
            }
        }

        public int Next()
        {
            lock (_lock)
            {
                _tried++;
                if (Fault is not { Times: > 0 } fault) return 0;
                if (fault.After > 0)
                {
                    Fault = fault with { After = fault.After - 1 };
                    return 0;
                }

                Fault = fault with { Times = fault.Times - 1 };
                Last = fault;
                Failed.Release();
                return fault.Exception is null ? fault.Error : -1;
            }
        }
    }
}
