using Signalbox.Cli.Output;
using Signalbox.Client;

namespace Signalbox.Cli.Commands;

/// <summary>Prints what subscriptions bring, each line as soon as it is there, up to a number of messages.</summary>
internal sealed class Feed(Printer printer, long count)
{
    private readonly ChannelLines _lines = new(printer);
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private long _left = count;

    public async Task PrintAsync(IReadOnlyList<Subscription> sources, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = sources.Select(source => ReadAsync(source, ending.Token)).Append(_full.Task).ToList();
        var first = await Task.WhenAny(reading).ConfigureAwait(false);

        _full.TrySetResult();
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private async Task ReadAsync(Subscription source, CancellationToken cancellationToken)
    {
        source.GapFound += Print;
        source.PresenceChanged += Print;
        await foreach (var message in source.WithCancellation(cancellationToken).ConfigureAwait(false)) Print(message);
    }

    private void Print(object news)
    {
        lock (_gate)
        {
            if (_left == 0) return;

            _lines.Print(news);
            printer.Flush();
            if (news is Message && --_left == 0) _full.TrySetResult();
        }
    }
}
