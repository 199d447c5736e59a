using Microsoft.Extensions.Logging.Abstractions;

namespace Signalbox.Transport.Tests.Faults;

/// <summary>A loop goes on, whatever it is denied.</summary>
public sealed class LoopFaultsTests
{
    private const int NotPermitted = 1;
    private const int NotFound = 2;
    private const int Interrupted = 4;
    private const int BadFile = 9;
    private const int WouldBlock = 11;
    private const int NoMemory = 12;
    private const int BadAddress = 14;
    private const int Exists = 17;
    private const int Invalid = 22;
    private const int NoSpace = 28;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(NoSpace)]
    [InlineData(NoMemory)]
    [InlineData(NotPermitted)]
    [InlineData(Exists)]
    [InlineData(BadFile)]
    [InlineData(NotFound)]
    [InlineData(Invalid)]
    public async Task Who_cannot_be_waited_for_is_sent_away_and_the_next_one_is_served(int error)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        transport.Kernel.Fail(KernelCall.Watch, error, times: 2);
        var first = await transport.ConnectAsync();
        var second = await transport.ConnectAsync();

        await transport.ServeAsync();

        Assert.Empty(await first.ReadAllAsync());
        Assert.Empty(await second.ReadAllAsync());
        Assert.StartsWith("3002 ", Assert.Single(transport.Told.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_be_waited_for_leaves_nothing_behind()
    {
        await using var transport = await FaultyTransport.ListenAsync();
        var connection = (SocketConnection)await AcceptAsync(transport);
        transport.Kernel.Fail(KernelCall.Watch, NoSpace, times: 1);

        Assert.Equal(NoSpace, connection.Loop.TryAdd(connection, out var failed));
        Assert.Equal(Exists, connection.Loop.TryAdd(connection, out var next));

        // Both had the same place in the loop's table.
        Assert.Equal((uint)failed, (uint)next);
    }

    [Fact]
    public async Task A_wait_that_is_interrupted_is_begun_again()
    {
        await using var transport = new FaultyTransport();
        transport.Kernel.Fail(KernelCall.Wait, Interrupted, times: 1000);

        await transport.BindAsync();
        await transport.ServeAsync();

        Assert.Empty(transport.Told.Lines);
    }

    [Theory]
    [InlineData(BadFile)]
    [InlineData(BadAddress)]
    [InlineData(Invalid)]
    public async Task A_wait_that_fails_is_tried_again(int error)
    {
        await using var transport = new FaultyTransport();
        transport.Kernel.Fail(KernelCall.Wait, error, times: 3);

        await transport.BindAsync();
        await transport.ServeAsync();

        Assert.StartsWith("3003 ", Assert.Single(transport.Told.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_that_cannot_wait_rests_does_what_is_posted_and_ends()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        var kernel = new FaultyKernel { RestsEnd = false };
        kernel.Fail(KernelCall.Wait, BadFile);
        var loop = NewLoop(kernel);
        await kernel.RestedAsync();
        Assert.Equal(1, kernel.Tried(KernelCall.Wait));

        for (var i = 0; i < 5; i++)
        {
            await DoAsync(loop).WaitAsync(Connections.Patience, Cancelled);
            await kernel.RestedAsync();
        }

        // Once it is woken, and once more if it finds work before it rests.
        Assert.InRange(kernel.Tried(KernelCall.Wait), 6, 11);
        loop.Dispose();
    }

    [Theory]
    [InlineData(BadFile, 1)]
    [InlineData(Invalid, 1)]
    [InlineData(WouldBlock, 0)]
    public async Task Work_is_done_though_nobody_could_be_woken_for_it(int error, int lines)
    {
        await using var transport = await FaultyTransport.ListenAsync();
        transport.Kernel.Fail(KernelCall.Signal, error);
        var connection = (SocketConnection)await AcceptAsync(transport);

        await DoAsync(connection.Loop).WaitAsync(Connections.Patience, Cancelled);

        transport.Kernel.Heal(KernelCall.Signal);
        Assert.Equal(lines, transport.Told.Lines.Count(line => line.StartsWith("3004 ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(KernelCall.OpenPoll)]
    [InlineData(KernelCall.OpenSignal)]
    [InlineData(KernelCall.Watch)]
    public async Task A_loop_that_cannot_begin_stops_the_start_with_a_sentence(KernelCall call)
    {
        await using var transport = new FaultyTransport();
        // The last one: those that have begun end again.
        transport.Kernel.Fail(call, NoMemory, after: Environment.ProcessorCount);

        var failure = await Assert.ThrowsAsync<IOException>(transport.BindAsync);

        Assert.Contains("Cannot allocate memory", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessorCount, transport.Posts.Count);
        foreach (var post in transport.Posts)
        {
            var isOfThePool = false;
            await DoAsync(post, () => isOfThePool = Thread.CurrentThread.IsThreadPoolThread).WaitAsync(Connections.Patience, Cancelled);
            Assert.True(isOfThePool);
        }

        transport.Kernel.Heal(call);
        await transport.BindAsync();
        await transport.ServeAsync();
    }

    private static async Task<Microsoft.AspNetCore.Connections.ConnectionContext> AcceptAsync(FaultyTransport transport)
    {
        await transport.ConnectAsync();
        return await transport.AcceptAsync();
    }

    private static PollLoop NewLoop(Kernel kernel) =>
        new("poll", new PollOptions { Kernel = kernel }, new TransportNews(NullLogger.Instance, TimeProvider.System));

    private static Task DoAsync(PollLoop loop) => DoAsync(loop.Post, () => { });

    private static Task DoAsync(Action<IThreadPoolWorkItem> post, Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        post(new Work(() =>
        {
            work();
            done.SetResult();
        }));
        return done.Task;
    }

    private sealed class Work(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}
