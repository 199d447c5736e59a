using System.Net.Sockets;

namespace Signalbox.Transport.Tests.Faults;

/// <summary>A listener lets the next one in, whatever has gone wrong before.</summary>
public sealed class AcceptFaultsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<SocketError> Errors => new(Enum.GetValues<SocketError>().Where(error => error != SocketError.Success));

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task One_that_cannot_be_accepted_is_not_the_last(SocketError error)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        transport.Kernel.Fail(KernelCall.Accept, (int)error, times: 1);

        await transport.ServeAsync();
        await transport.ServeAsync();
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task What_fails_again_and_again_is_tried_less_and_less_often(SocketError error)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        var (kernel, clock) = (transport.Kernel, transport.Clock);
        kernel.Fail(KernelCall.Accept, (int)error);

        var accepting = transport.AcceptAsync();
        var pauses = new List<double>();
        for (var tried = 2; tried < 12; tried++)
        {
            var timer = await clock.NextTimerAsync();
            Assert.Equal(tried, kernel.Tried(KernelCall.Accept));
            pauses.Add(timer.Due.TotalMilliseconds);
            if (tried == 11) kernel.Heal(KernelCall.Accept);
            timer.Fire();
        }

        Assert.Equal([10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000], pauses);
        await FaultyTransport.ServeAsync(await transport.ConnectAsync(), await accepting);
    }

    [Fact]
    public async Task After_a_success_a_failure_is_a_first_one_again()
    {
        await using var transport = await FaultyTransport.ListenAsync();
        transport.Kernel.Fail(KernelCall.Accept, (int)SocketError.TooManyOpenSockets, times: 2);
        var accepting = transport.AcceptAsync();
        (await transport.Clock.NextTimerAsync()).Fire();
        await FaultyTransport.ServeAsync(await transport.ConnectAsync(), await accepting);

        // Without a timer that somebody has to let fall due.
        transport.Kernel.Fail(KernelCall.Accept, (int)SocketError.TooManyOpenSockets, times: 1);
        await transport.ServeAsync();
    }

    [Fact]
    public async Task What_is_no_error_of_a_socket_does_not_end_it_either()
    {
        await using var transport = await FaultyTransport.ListenAsync();
        var accepting = transport.AcceptAsync();
        await FaultyTransport.ServeAsync(await transport.ConnectAsync(), await accepting);
        foreach (var unexpected in new Exception[] { new InsufficientMemoryException(), new InvalidOperationException(), new System.ComponentModel.Win32Exception(28) })
        {
            transport.Kernel.Fail(KernelCall.Accept, unexpected);
            accepting = transport.AcceptAsync();
            var timer = await transport.Clock.NextTimerAsync();
            transport.Kernel.Heal(KernelCall.Accept);
            timer.Fire();

            await FaultyTransport.ServeAsync(await transport.ConnectAsync(), await accepting);
        }
    }

    [Fact]
    public async Task Who_stops_it_does_not_wait_until_it_tries_again()
    {
        await using var transport = await FaultyTransport.ListenAsync();
        transport.Kernel.Fail(KernelCall.Accept, (int)SocketError.TooManyOpenSockets);
        var accepting = transport.Listener.AcceptAsync(Cancelled).AsTask();
        await transport.Clock.NextTimerAsync();

        await transport.Listener.UnbindAsync(Cancelled);

        Assert.Null(await accepting.WaitAsync(Connections.Patience, Cancelled));
    }

    [Fact]
    public async Task Who_stops_it_while_nobody_comes_ends_it()
    {
        await using var transport = await FaultyTransport.ListenAsync();
        var accepting = transport.Listener.AcceptAsync(Cancelled).AsTask();

        await transport.Listener.UnbindAsync(Cancelled);

        Assert.Null(await accepting.WaitAsync(Connections.Patience, Cancelled));
        Assert.Null(await transport.Listener.AcceptAsync(Cancelled));
    }

    [Fact]
    public async Task Who_has_asked_may_give_up()
    {
        await using var transport = await FaultyTransport.ListenAsync();
        using var given = new CancellationTokenSource();
        transport.Kernel.Fail(KernelCall.Accept, (int)SocketError.TooManyOpenSockets);
        var accepting = transport.Listener.AcceptAsync(given.Token).AsTask();
        await transport.Clock.NextTimerAsync();

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.WaitAsync(Connections.Patience, Cancelled));
    }

    [Fact]
    public async Task What_lasts_is_said_once_a_minute_and_how_often_it_was()
    {
        await using var transport = await FaultyTransport.ListenAsync();
        transport.Kernel.Fail(KernelCall.Accept, (int)SocketError.TooManyOpenSockets);
        var accepting = transport.AcceptAsync();
        for (var i = 0; i < 20; i++) (await transport.Clock.NextTimerAsync()).Fire();
        var timer = await transport.Clock.NextTimerAsync();
        Assert.Single(transport.Told.Lines);

        transport.Clock.Pass(TimeSpan.FromMinutes(1));
        timer.Fire();
        timer = await transport.Clock.NextTimerAsync();

        Assert.Equal(2, transport.Told.Lines.Count);
        Assert.StartsWith($"3001 Connections to {transport.Listener.EndPoint} cannot be accepted", transport.Told.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("(21 times more since this was last said)", transport.Told.Lines[1], StringComparison.Ordinal);
        transport.Kernel.Heal(KernelCall.Accept);
        timer.Fire();
        await FaultyTransport.ServeAsync(await transport.ConnectAsync(), await accepting);
    }

    [Theory]
    [InlineData(int.MaxValue - 2)]
    [InlineData(uint.MaxValue - 2)]
    public async Task As_many_as_there_are_numbers_have_come_and_the_next_ones_are_served(long given)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        transport.Transport.Given = (uint)given;

        for (var i = 0; i < 6; i++) await transport.ServeAsync();
    }

    [Fact]
    public async Task A_host_serves_on()
    {
        var kernel = new FaultyKernel();
        kernel.Fail(KernelCall.Accept, (int)SocketError.TooManyOpenSockets, times: 5);
        kernel.Fail(KernelCall.Watch, 28, times: 3, after: Environment.ProcessorCount + 1);
        await using var host = await TransportHost.StartAsync(
            new PollOptions { Kernel = kernel },
            async connection => await connection.Transport.Output.WriteAsync(await connection.Transport.Input.TakeAsync(3)));

        for (var i = 0; i < 3; i++)
        {
            var refused = await host.ConnectAsync();
            Assert.Empty(await refused.ReadAllAsync());
        }

        var client = await host.ConnectAsync();
        await client.SendAllAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await client.ReadAsync(3));
    }
}
