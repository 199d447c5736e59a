using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Signalbox.Transport;

/// <summary>What the transport asks of the kernel, each call by itself, so that a test can have each of them fail.</summary>
/// <remarks>Where an answer is a number, an error is a negative one: no call here throws but those that .NET makes.</remarks>
internal class Kernel
{
    public static readonly Kernel Real = new();

    public virtual Socket Bind(EndPoint endPoint) => SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);

    public virtual void Listen(Socket socket, int backlog) => socket.Listen(backlog);

    public virtual ValueTask<Socket> AcceptAsync(Socket socket, CancellationToken cancellationToken) =>
        socket.AcceptAsync(cancellationToken);

    /// <summary>A new set of sockets to wait for.</summary>
    public virtual int OpenPoll() => Libc.OpenPoll();

    /// <summary>Something new to wait for that a thread can signal.</summary>
    public virtual int OpenSignal() => Libc.OpenSignal();

    public virtual int Signal(SafeHandle signal) => Libc.Signal(signal);

    /// <summary>Has changes reported with this mark from now on, and how it stands at once.</summary>
    public virtual int Watch(SafeHandle poll, SafeHandle file, uint events, ulong mark) => Libc.Watch(poll, file, events, mark);

    /// <summary>Waits for changes.</summary>
    /// <param name="milliseconds">How long at most.</param>
    /// <returns>As many as there are now.</returns>
    public virtual int Wait(SafeHandle poll, Span<byte> events, int milliseconds) => Libc.Wait(poll, events, milliseconds);

    /// <returns>As many bytes as there were, 0 at the end.</returns>
    public virtual int Receive(SafeHandle socket, Span<byte> into) => Libc.Receive(socket, into);

    /// <returns>As many bytes as the kernel has taken.</returns>
    public virtual int Send(SafeHandle socket, ReadOnlySpan<byte> bytes) => Libc.Send(socket, bytes);

    /// <summary>Lets a moment pass, for who could not wait for what it wanted to wait for.</summary>
    public virtual void Rest(ManualResetEventSlim until, TimeSpan longest) => until.Wait(longest);
}
