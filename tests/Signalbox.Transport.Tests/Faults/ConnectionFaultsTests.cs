using Microsoft.AspNetCore.Connections;

namespace Signalbox.Transport.Tests.Faults;

/// <summary>A connection that fails ends by itself, and hurts nobody.</summary>
public sealed class ConnectionFaultsTests
{
    private const int Io = 5;
    private const int BadFile = 9;
    private const int NoMemory = 12;
    private const int BrokenPipe = 32;
    private const int Reset = 104;
    private const int NoBuffers = 105;
    private const int NotConnected = 107;
    private const int TimedOut = 110;
    private const int Unreachable = 113;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<int> Errors => [Io, BadFile, NoMemory, BrokenPipe, Reset, NoBuffers, NotConnected, TimedOut, Unreachable];

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_read_that_fails_while_somebody_waits_ends_that_connection(int error)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        var client = await transport.ConnectAsync();
        var accepted = await transport.AcceptAsync();
        var reading = accepted.Transport.Input.DropAllAsync();
        transport.Kernel.Fail(KernelCall.Receive, error, times: 1);

        await client.SendAllAsync("abc"u8.ToArray());

        await Assert.ThrowsAsync<ConnectionResetException>(() => reading.WaitAsync(Connections.Patience, Cancelled));
        await accepted.ConnectionClosed.WhenCancelledAsync();
        await transport.ServeAsync();
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_read_that_fails_at_once_ends_that_connection(int error)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        var client = await transport.ConnectAsync();
        var accepted = await transport.AcceptAsync();
        await FaultyTransport.ServeAsync(client, accepted);
        transport.Kernel.Fail(KernelCall.Receive, error, times: 1);
        await client.SendAllAsync("abc"u8.ToArray());

        await Assert.ThrowsAsync<ConnectionResetException>(
            () => accepted.Transport.Input.DropAllAsync().WaitAsync(Connections.Patience, Cancelled));

        await accepted.ConnectionClosed.WhenCancelledAsync();
        await transport.ServeAsync();
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_write_that_fails_tells_the_writer_and_ends_that_connection(int error)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        await transport.ConnectAsync();
        var accepted = await transport.AcceptAsync();
        transport.Kernel.Fail(KernelCall.Send, error, times: 1);

        var flushed = await accepted.Transport.Output.WriteAsync("abc"u8.ToArray(), Cancelled);

        Assert.True(flushed.IsCompleted);
        await accepted.ConnectionClosed.WhenCancelledAsync();
        await transport.ServeAsync();
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_rest_that_cannot_be_written_lets_its_writer_go(int error)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        var client = await transport.ConnectAsync();
        var accepted = await transport.AcceptAsync();
        var writing = accepted.Transport.Output.WriteAsync(new byte[20_000_000], Cancelled).AsTask();
        Assert.False(writing.IsCompleted);
        transport.Kernel.Fail(KernelCall.Send, error, times: 1);

        await client.ReadAsync(1_000_000);

        Assert.True((await writing.WaitAsync(Connections.Patience, Cancelled)).IsCompleted);
        await accepted.ConnectionClosed.WhenCancelledAsync();
        await transport.ServeAsync();
    }

    [Fact]
    public async Task A_rest_that_cannot_be_written_does_not_hold_up_the_end()
    {
        await using var transport = await FaultyTransport.ListenAsync();
        var client = await transport.ConnectAsync();
        var accepted = await transport.AcceptAsync();
        var written = accepted.Transport.Output.GetMemory(20_000_000);
        accepted.Transport.Output.Advance(written.Length);
        var ending = accepted.DisposeAsync().AsTask();
        Assert.False(ending.IsCompleted);
        transport.Kernel.Fail(KernelCall.Send, BrokenPipe, times: 1);

        await client.ReadAsync(1_000_000);

        await ending.WaitAsync(Connections.Patience, Cancelled);
        await transport.ServeAsync();
    }
}
