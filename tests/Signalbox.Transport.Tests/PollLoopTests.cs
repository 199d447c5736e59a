using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signalbox.Transport.Tests;

/// <summary>What other threads have for a loop's thread.</summary>
public sealed class PollLoopTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_others_post_is_done_on_its_thread_within_turns_and_in_the_order_of_each()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        var turns = 0;
        var done = new ConcurrentQueue<(int Poster, int Number, bool IsIn)>();
        var all = new CountdownEvent(4 * 5_000);
        using var loop = NewLoop(new PollOptions { BeginTurn = () => turns++, EndTurn = () => turns-- });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(poster => Task.Run(
            () =>
            {
                for (var i = 0; i < 5_000; i++)
                {
                    var number = i;
                    loop.Post(new Work(() =>
                    {
                        done.Enqueue((poster, number, loop.IsCurrent && turns == 1));
                        all.Signal();
                    }));
                }
            },
            Cancelled)));
        Assert.True(all.Wait(TimeSpan.FromSeconds(30), Cancelled));

        Assert.All(done, one => Assert.True(one.IsIn));
        Assert.All(done.GroupBy(one => one.Poster), of => Assert.Equal(Enumerable.Range(0, 5_000), of.Select(one => one.Number)));
    }

    [Fact]
    public async Task A_thread_that_waits_is_woken_each_time()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        using var loop = NewLoop(new PollOptions());

        for (var i = 0; i < 1_000; i++) await DoAsync(loop.Post).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    [Fact]
    public async Task What_comes_while_it_works_is_done_next()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        using var loop = NewLoop(new PollOptions());
        var isAtWork = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var isPosted = new ManualResetEventSlim();

        var first = DoAsync(loop.Post, () =>
        {
            isAtWork.SetResult();
            isPosted.Wait(TimeSpan.FromSeconds(30));
        });
        await isAtWork.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        var second = DoAsync(loop.Post);
        isPosted.Set();

        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    [Fact]
    public async Task Its_thread_is_told_once_how_work_is_handed_to_it()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        var told = new TaskCompletionSource<(Action<IThreadPoolWorkItem> Post, Thread On)>();
        using var loop = NewLoop(new PollOptions { OnThread = post => told.SetResult((post, Thread.CurrentThread)) });
        var (post, on) = await told.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Thread? doneOn = null;

        await DoAsync(post, () => doneOn = Thread.CurrentThread).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        Assert.Same(on, doneOn);
    }

    [Fact]
    public async Task What_comes_as_it_ends_or_later_is_done_all_the_same()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no epoll here.");
        for (var i = 0; i < 50; i++)
        {
            var loop = NewLoop(new PollOptions());
            var posting = Task.Run(() => Task.WhenAll(Enumerable.Range(0, 100).Select(_ => DoAsync(loop.Post))), Cancelled);
            loop.Dispose();

            await posting.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
            await DoAsync(loop.Post).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        }
    }

    private static PollLoop NewLoop(PollOptions options) =>
        new("poll 0", options, new TransportNews(NullLogger.Instance, options.Clock));

    private static Task DoAsync(Action<IThreadPoolWorkItem> post, Action? work = null)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        post(new Work(() =>
        {
            work?.Invoke();
            done.SetResult();
        }));
        return done.Task;
    }

    private sealed class Work(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}
