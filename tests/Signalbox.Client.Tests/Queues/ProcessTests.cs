using Signalbox.Client.Tests.Fakes;
using Signalbox.Protocol.Errors;

namespace Signalbox.Client.Tests.Queues;

public sealed class ProcessTests
{
    private static readonly ProcessOptions Options = new()
    {
        Lease = 30 * ClientDriver.Second,
        RetryDelay = 2 * ClientDriver.Second,
        MaxRetryDelay = 5 * ClientDriver.Second,
    };

    [Fact]
    public async Task An_item_is_acknowledged_when_its_handler_ends_and_the_next_is_taken()
    {
        await using var work = await Work.BeginAsync((_, _) => default);

        await work.GiveAsync(1);
        await work.AnswerAsync("qack", "1-1");
        await work.GiveAsync(2);
        await work.AnswerAsync("qack", "2-1");
    }

    [Theory]
    [InlineData(1, 2000)]
    [InlineData(2, 4000)]
    [InlineData(3, 5000)]
    [InlineData(100, 5000)]
    public async Task An_item_whose_handler_fails_comes_back_after_a_pause_that_grows(int attempt, int delay)
    {
        await using var work = await Work.BeginAsync((_, _) => throw new InvalidOperationException("on purpose"));

        await work.GiveAsync(1, attempt);

        var reject = await work.AnswerAsync("qnack", $"1-{attempt}");
        Assert.Equal($"{delay}", reject["delay"]);
    }

    [Fact]
    public async Task The_lease_is_extended_for_as_long_as_the_handler_runs()
    {
        var handler = new SlowHandler();
        await using var work = await Work.BeginAsync(handler.HandleAsync);
        await work.GiveAsync(1);
        await handler.Started.Task.Soon();

        for (var i = 0; i < 3; i++)
        {
            work.Driver.Clock.Pass(10 * ClientDriver.Second);
            Assert.Equal("30000", (await work.AnswerAsync("qextend", "1-1"))["reserve"]);
        }

        handler.End.SetResult();
        await work.AnswerAsync("qack", "1-1");
    }

    [Fact]
    public async Task A_handler_whose_lease_is_lost_is_cancelled_and_its_item_left_alone()
    {
        var handler = new SlowHandler();
        await using var work = await Work.BeginAsync(handler.HandleAsync);
        await work.GiveAsync(1);
        await handler.Started.Task.Soon();

        work.Driver.Clock.Pass(10 * ClientDriver.Second);
        await work.Peer.FailAsync(await work.Peer.ExpectAsync("qextend"), 409);

        await work.GiveAsync(2);
        Assert.True(handler.WasCancelled);
    }

    [Fact]
    public async Task Stopping_gives_the_item_in_hand_back_and_ends_without_an_exception()
    {
        var handler = new SlowHandler();
        await using var work = await Work.BeginAsync(handler.HandleAsync);
        await work.GiveAsync(1);
        await handler.Started.Task.Soon();

        await work.Stop.CancelAsync();
        var reject = await work.AnswerAsync("qnack", "1-1");

        await work.Running.Soon();
        Assert.Equal("0", reject["delay"]);
    }

    [Fact]
    public async Task A_handler_that_finishes_in_spite_of_the_stop_has_its_item_acknowledged()
    {
        var handler = new SlowHandler();
        await using var work = await Work.BeginAsync(async (item, _) => await handler.HandleAsync(item, CancellationToken.None));
        await work.GiveAsync(1);
        await handler.Started.Task.Soon();

        await work.Stop.CancelAsync();
        Assert.False(work.Running.IsCompleted);
        handler.End.SetResult();
        await work.AnswerAsync("qack", "1-1");

        await work.Running.Soon();
    }

    [Fact]
    public async Task A_handler_may_settle_the_item_itself()
    {
        await using var work = await Work.BeginAsync(async (item, _) => await item.RejectAsync(7 * ClientDriver.Second, CancellationToken.None));

        await work.GiveAsync(1);
        Assert.Equal("7000", (await work.AnswerAsync("qnack", "1-1"))["delay"]);

        await work.GiveAsync(2);
    }

    [Fact]
    public async Task As_many_are_in_hand_as_the_options_say()
    {
        var handler = new SlowHandler();
        await using var work = await Work.BeginAsync(handler.HandleAsync, Options with { Concurrency = 3 });

        for (var item = 1; item <= 3; item++) await work.GiveAsync(item);
        handler.End.SetResult();

        var settled = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            FakeCommand command;
            do command = await work.Peer.ReadAsync().Soon();
            while (command.Name == "qpop");

            await work.Peer.ReplyAsync(command);
            settled.Add(command["receipt"]);
        }

        Assert.Equal(["\"1-1\"", "\"2-1\"", "\"3-1\""], settled.Order());
    }

    [Fact]
    public async Task A_server_that_cannot_now_is_asked_again_after_the_time_it_names()
    {
        await using var work = await Work.BeginAsync((_, _) => default);
        await work.Peer.FailAsync(await work.Peer.ExpectAsync("qpop"), 503, "\"retryAfter\":3000");

        await work.Driver.Journal.WaitForAsync("LogPopFailed");
        work.Driver.Clock.Pass(3 * ClientDriver.Second);

        await work.GiveAsync(1);
    }

    [Fact]
    public async Task A_queue_that_may_not_be_popped_ends_all_workers_with_the_error()
    {
        await using var work = await Work.BeginAsync((_, _) => default, Options with { Concurrency = 2 });
        await work.Peer.ExpectAsync("qpop");

        await work.Peer.FailAsync(await work.Peer.ExpectAsync("qpop"), 403);

        var error = await Assert.ThrowsAsync<SignalboxException>(() => work.Running.Soon());
        Assert.Equal(ErrorCode.Forbidden, error.Code);
    }

    [Fact]
    public async Task It_goes_on_after_a_reconnect()
    {
        await using var work = await Work.BeginAsync((_, _) => default);
        await work.Peer.ExpectAsync("qpop");

        work.Peer = await work.Driver.ReconnectAsync(work.Peer);

        await work.GiveAsync(1);
        await work.AnswerAsync("qack", "1-1");
    }

    /// <summary>A handler that ends when the test says so.</summary>
    private sealed class SlowHandler
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool WasCancelled { get; private set; }

        public async ValueTask HandleAsync(QueueItem item, CancellationToken cancellationToken)
        {
            Started.TrySetResult();
            try
            {
                await End.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                WasCancelled = true;
                throw;
            }
        }
    }

    /// <summary>A client that works off the queue "q", and the server that gives it items.</summary>
    private sealed class Work : IAsyncDisposable
    {
        public required ClientDriver Driver { get; init; }

        public required FakePeer Peer { get; set; }

        public required Task Running { get; init; }

        public required CancellationTokenSource Stop { get; init; }

        public static async Task<Work> BeginAsync(
            Func<QueueItem, CancellationToken, ValueTask> handler, ProcessOptions? options = null)
        {
            var driver = new ClientDriver();
            var peer = await driver.ConnectAsync();
            var stop = new CancellationTokenSource();
            var running = driver.Client.ProcessAsync("q", handler, options ?? Options, stop.Token);
            return new Work { Driver = driver, Peer = peer, Running = running, Stop = stop };
        }

        public async Task GiveAsync(int item, int attempt = 1)
        {
            var pop = await Peer.ExpectAsync("qpop");
            await Peer.ReplyAsync(
                pop, $"\"value\":{item},\"item\":{item},\"priority\":0,\"attempts\":{attempt},\"time\":0,\"receipt\":\"{item}-{attempt}\",\"until\":0");
        }

        public async Task<FakeCommand> AnswerAsync(string name, string receipt)
        {
            var command = await Peer.ExpectAsync(name);
            Assert.Equal($"\"{receipt}\"", command["receipt"]);
            await Peer.ReplyAsync(command);
            return command;
        }

        public async ValueTask DisposeAsync()
        {
            await Stop.CancelAsync();
            await Driver.DisposeAsync();
            await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Stop.Dispose();
        }
    }
}
