using System.Runtime.InteropServices;

namespace Signalbox.Transport;

/// <summary>What the kernel offers for many sockets on one thread, and the runtime keeps to itself.</summary>
internal static unsafe class Libc
{
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Failed = 0x8;
    public const uint HungUp = 0x10;
    public const uint PeerDone = 0x2000;
    public const uint OncePerChange = 1u << 31;

    private const int Add = 1;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;

    /// <summary>The size of an event: the kernel packs it where it always has, and nowhere else.</summary>
    public static readonly int EventBytes = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 12 : 16;

    /// <summary>Where in an event what was registered with it stands.</summary>
    public static readonly int EventDataOffset = EventBytes - sizeof(ulong);

    public static int OpenPoll() => Answer(epoll_create1(CloseOnExec));

    public static int OpenSignal() => Answer(eventfd(0, CloseOnExec | NonBlocking));

    public static int Signal(SafeHandle signal)
    {
        var one = 1UL;
        return Answer((int)write(signal, &one, sizeof(ulong)));
    }

    public static int Watch(SafeHandle poll, SafeHandle file, uint events, ulong mark)
    {
        var change = stackalloc byte[EventBytes];
        *(uint*)change = events;
        *(ulong*)(change + EventDataOffset) = mark;
        return Answer(epoll_ctl(poll, Add, file, change));
    }

    public static int Wait(SafeHandle poll, Span<byte> events, int milliseconds)
    {
        fixed (byte* start = events) return Answer(epoll_wait(poll, start, events.Length / EventBytes, milliseconds));
    }

    public static int Receive(SafeHandle socket, Span<byte> into)
    {
        fixed (byte* start = into)
        {
            while (true)
            {
                var received = recv(socket, start, into.Length, DoNotWait);
                if (received >= 0) return (int)received;
                if (Marshal.GetLastPInvokeError() is var error and not Interrupted) return -error;
            }
        }
    }

    public static int Send(SafeHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var sent = send(socket, start, bytes.Length, DoNotWait | NoSignal);
                if (sent >= 0) return (int)sent;
                if (Marshal.GetLastPInvokeError() is var error and not Interrupted) return -error;
            }
        }
    }

    private static int Answer(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_wait(SafeHandle poll, byte* events, int count, int timeoutMilliseconds);

    [DllImport("libc", SetLastError = true)]
    private static extern int eventfd(uint initial, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(SafeHandle file, void* bytes, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_ctl(SafeHandle poll, int operation, SafeHandle file, void* change);

    [DllImport("libc", SetLastError = true)]
    private static extern nint recv(SafeHandle socket, byte* into, nint count, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint send(SafeHandle socket, byte* bytes, nint count, int flags);
}
