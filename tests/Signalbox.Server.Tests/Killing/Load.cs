using System.Collections.Concurrent;
using System.Globalization;
using Signalbox.Client;

namespace Signalbox.Server.Tests.Killing;

/// <summary>Many who write at once, until the server is gone, and exactly what each of them was told.</summary>
internal sealed class Load(int port, int round)
{
    private const int Writers = 4;

    /// <summary>Long enough to acknowledge in, and soon over once the server is back.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, long> _set = new();
    private readonly ConcurrentDictionary<string, bool> _pushed = new();
    private readonly ConcurrentDictionary<string, bool> _done = new();
    private readonly ConcurrentDictionary<string, bool> _maybeDone = new();
    private readonly ConcurrentDictionary<long, string> _published = new();
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _left;

    private string Jobs => $"jobs/{round}";

    private string Log => $"log/{round}";

    /// <summary>Writes until the connection is lost; calls <paramref name="kill"/> after this many answers.</summary>
    public async Task RunAsync(int answers, Action kill)
    {
        _left = answers;
        using var gone = new CancellationTokenSource();
        await using var client = new SignalboxClient(new() { Endpoints = { $"127.0.0.1:{port}" } });
        await client.ConnectAsync(gone.Token);
        var writing = new List<Task>();
        for (var i = 0; i < Writers; i++)
        {
            var name = $"{round}-{i}";
            writing.Add(UntilGoneAsync(n => SetAsync(client, $"key/{name}", n, gone.Token)));
            writing.Add(UntilGoneAsync(n => PushAsync(client, $"{name}-{n}", gone.Token)));
            writing.Add(UntilGoneAsync(_ => WorkAsync(client, gone.Token)));
            writing.Add(UntilGoneAsync(n => PublishAsync(client, $"{name}-{n}", gone.Token)));
        }

        var all = Task.WhenAll(writing);
        await Task.WhenAny(_enough.Task, all);
        kill();
        await gone.CancelAsync();
        await all;
        Assert.True(_enough.Task.IsCompleted, "All were cut off before the server was killed.");
    }

    /// <summary>Looks whether everything that was answered is there, once.</summary>
    public async Task CheckAsync()
    {
        await using var client = new SignalboxClient(new() { Endpoints = { $"127.0.0.1:{port}" } });
        await client.ConnectAsync();
        foreach (var (key, answered) in _set)
        {
            var value = await client.GetAsync(key);
            var found = long.Parse(value?.Text ?? "-1", CultureInfo.InvariantCulture);
            // The next one was under way, and may have been done without an answer.
            Assert.True(found == answered || found == answered + 1, $"{key} is {found}, and {answered} was confirmed.");
        }

        await CheckItemsAsync(client);
        await CheckMessagesAsync(client);
    }

    private async Task CheckItemsAsync(SignalboxClient client)
    {
        var expected = _pushed.Keys.Where(item => !_done.ContainsKey(item) && !_maybeDone.ContainsKey(item)).ToHashSet();
        var found = new HashSet<string>();
        while (expected.Count > 0)
        {
            // Those that somebody held come back when their lease ends.
            var item = await client.PopAsync(Jobs, new PopOptions { Wait = TimeSpan.FromSeconds(30) });
            Assert.True(item is not null, $"Items are lost: {string.Join(' ', expected.Take(5))}.");
            Assert.True(found.Add(item.Text), $"{item.Text} came twice.");
            Assert.False(_done.ContainsKey(item.Text), $"{item.Text} came again after it was acknowledged.");
            expected.Remove(item.Text);
        }
    }

    private async Task CheckMessagesAsync(SignalboxClient client)
    {
        var messages = new Dictionary<long, string>();
        var since = new ChannelPosition("", 0);
        while (await client.HistoryAsync(Log, new HistoryOptions { Since = since, Limit = 1000 }) is { Messages.Count: > 0 } page)
        {
            foreach (var message in page.Messages)
            {
                Assert.Equal(since.Offset + 1, message.Offset);
                messages.Add(message.Offset, message.Text);
                since = page.Position with { Offset = message.Offset };
            }
        }

        foreach (var (offset, text) in _published) Assert.Equal(text, messages.GetValueOrDefault(offset));
    }

    private async Task SetAsync(SignalboxClient client, string key, long number, CancellationToken cancellationToken)
    {
        await client.SetAsync(key, number.ToString(CultureInfo.InvariantCulture), cancellationToken: cancellationToken);
        _set[key] = number;
    }

    private async Task PushAsync(SignalboxClient client, string item, CancellationToken cancellationToken)
    {
        await client.PushAsync(Jobs, item, cancellationToken: cancellationToken);
        _pushed[item] = true;
    }

    private async Task WorkAsync(SignalboxClient client, CancellationToken cancellationToken)
    {
        var item = await client.PopAsync(Jobs, new PopOptions { Wait = null, Lease = Lease }, cancellationToken);
        if (item is null) return;

        _maybeDone[item.Text] = true;
        await item.AcknowledgeAsync(cancellationToken);
        _done[item.Text] = true;
    }

    private async Task PublishAsync(SignalboxClient client, string text, CancellationToken cancellationToken)
    {
        var result = await client.PublishAsync(Log, text, cancellationToken: cancellationToken);
        _published[result.Offset!.Value] = text; // The channel keeps a history.
    }

    private async Task UntilGoneAsync(Func<long, Task> step)
    {
        try
        {
            for (var n = 1L; ; n++)
            {
                await step(n);
                if (Interlocked.Decrement(ref _left) == 0) _enough.SetResult();
            }
        }
        catch (Exception e) when (
            e is SignalboxException or SignalboxConnectionLostException or OperationCanceledException)
        {
            // The server is gone, and what was under way is nobody's promise.
        }
    }
}
