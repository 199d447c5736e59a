using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace Signalbox.Client;

// Who the client says that it is, and how that stays true while the connection lasts.
internal sealed partial class Link
{
    // Early enough for another try when the first fails.
    private const double RefreshAfter = 0.8;
    private const double RetryAfter = 0.1;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private Task _refreshing = Task.CompletedTask;
    private TimeSpan _life;
    private long _refreshAt = long.MaxValue;

    /// <summary>The token for a connection that is about to be made, or goes on.</summary>
    private async ValueTask<string?> TokenAsync()
    {
        if (_options.TokenProvider is not { } provider) return _options.Token;

        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _closing.Token);
        try
        {
            return await provider(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"The token provider gave no token within {_options.ConnectTimeout}.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it fails with, another try may succeed, as with a server that cannot be reached.
            throw new AuthenticationException("The token provider failed.", e);
        }
    }

    private void PlanRefresh(TimeSpan? expiresIn)
    {
        if (_options.TokenProvider is null || expiresIn is not { } time)
        {
            Volatile.Write(ref _refreshAt, long.MaxValue);
            return;
        }

        _life = time;
        RefreshIn(time * RefreshAfter);
    }

    private void RefreshIn(TimeSpan wait) =>
        Volatile.Write(ref _refreshAt, _calls.DeadlineIn(wait > ShortestWait ? wait : ShortestWait));

    /// <summary>Called by the timer.</summary>
    private void RefreshWhenDue(Wire wire)
    {
        if (_clock.GetTimestamp() < Volatile.Read(ref _refreshAt) || !_refreshing.IsCompleted) return;

        Volatile.Write(ref _refreshAt, long.MaxValue);
        _refreshing = RefreshAsync(wire);
    }

    // Where it goes on failing the connection ends with its token, and the next one asks for another.
    private async Task RefreshAsync(Wire wire)
    {
        try
        {
            if (await TokenAsync().ConfigureAwait(false) is not { } token || wire != _wire) return;

            var call = new Call<RefreshRequest, TimeSpan?>(new RefreshRequest(token, _subscriptions))
            {
                Deadline = _calls.DeadlineIn(_options.CommandTimeout),
            };
            _calls.SubmitNow(call);
            PlanRefresh(await call.Reply.ConfigureAwait(false));
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            LogRefreshFailed(e.Message);
            if (wire == _wire) RefreshIn(_life * RetryAfter);
        }
    }

    [LoggerMessage(7005, LogLevel.Warning, "The token could not be renewed: {Reason}")]
    private partial void LogRefreshFailed(string reason);
}
