using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Signalbox.Transport.Tests.Faults;

/// <summary>What the kernel says is a number: of an error a negative one.</summary>
public sealed class KernelTests
{
    private const int NotPermitted = 1;
    private const int Invalid = 22;
    private const int NotASocket = 88;

    private static readonly Kernel Kernel = Kernel.Real;

    [Fact]
    public void Each_call_says_its_error()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        using var file = File.OpenHandle(typeof(KernelTests).Assembly.Location);
        using var poll = Open(Kernel.OpenPoll());
        using var signal = Open(Kernel.OpenSignal());

        Assert.Equal(-NotPermitted, Kernel.Watch(poll, file, Libc.Readable, 1));
        Assert.Equal(-Invalid, Kernel.Watch(signal, signal, Libc.Readable, 1));
        Assert.Equal(-Invalid, Kernel.Wait(signal, new byte[Libc.EventBytes], 0));
        Assert.Equal(-NotASocket, Kernel.Receive(signal, new byte[1]));
        Assert.Equal(-NotASocket, Kernel.Send(signal, new byte[1]));
        Assert.InRange(Kernel.Signal(file), -100, -1);
    }

    [Fact]
    public void What_is_signalled_is_waited_for_and_has_its_mark()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        using var poll = Open(Kernel.OpenPoll());
        using var signal = Open(Kernel.OpenSignal());
        var events = new byte[2 * Libc.EventBytes];
        Assert.Equal(0, Kernel.Watch(poll, signal, Libc.Readable, 77));
        Assert.Equal(0, Kernel.Wait(poll, events, 0));

        Assert.Equal(sizeof(ulong), Kernel.Signal(signal));

        Assert.Equal(1, Kernel.Wait(poll, events, 0));
        Assert.Equal(77UL, MemoryMarshal.Read<ulong>(events.AsSpan(Libc.EventDataOffset)));
    }

    [Fact]
    public void Bytes_go_through_until_there_are_none()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        using var listener = Kernel.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Kernel.Listen(listener, 1);
        using var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        one.Connect(listener.LocalEndPoint!); // It is bound.
        using var other = listener.Accept();

        Assert.Equal(-Libc.WouldBlock, Kernel.Receive(other.SafeHandle, new byte[10]));
        Assert.Equal(3, Kernel.Send(one.SafeHandle, new byte[3]));
        Assert.Equal(3, Kernel.Receive(other.SafeHandle, new byte[10]));
        one.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, Kernel.Receive(other.SafeHandle, new byte[10]));
    }

    private static SafeFileHandle Open(int descriptor)
    {
        Assert.True(descriptor >= 0);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
