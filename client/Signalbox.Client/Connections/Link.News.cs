using Microsoft.Extensions.Logging;

namespace Signalbox.Client;

// What the link tells: its state to those who look, the outcome of a try to those who wait for it, and the log.
internal sealed partial class Link
{
    private void Change(ConnectionState state, Exception? reason, TimeSpan? retryIn)
    {
        lock (_gate)
        {
            State = state;
            if (state != ConnectionState.Connected) Server = null;
            if (state == ConnectionState.Disconnected && _nextOutcome.Task.IsCompletedSuccessfully) _nextOutcome = NewOutcome();
        }

        switch (state)
        {
            case ConnectionState.Connected:
                LogConnected(Server!.Endpoint, Server.ConnectionId); // Set before this state.
                break;

            case ConnectionState.Disconnected:
                LogDisconnected(reason?.Message ?? "", retryIn);
                break;
        }

        _onChange(new ConnectionChange(state, reason, retryIn));
    }

    /// <summary>Tells those that wait in <see cref="ConnectAsync"/>; who comes after a failure waits for the next
    /// try.</summary>
    private void Tell(Action<TaskCompletionSource> tell)
    {
        TaskCompletionSource outcome;
        lock (_gate)
        {
            outcome = _nextOutcome;
            if (State == ConnectionState.Disconnected) _nextOutcome = NewOutcome();
        }

        tell(outcome);
        _ = outcome.Task.Exception; // Nobody may be waiting, and then it is nobody's failure.
    }

    [LoggerMessage(7001, LogLevel.Information, "Connected to {Endpoint} as {ConnectionId}")]
    private partial void LogConnected(string endpoint, string connectionId);

    [LoggerMessage(7002, LogLevel.Warning, "Not connected: {Reason} Next try in {RetryIn}")]
    private partial void LogDisconnected(string reason, TimeSpan? retryIn);

    [LoggerMessage(7004, LogLevel.Error, "The client has a fault and stops connecting")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(7003, LogLevel.Debug, "Could not connect to {Endpoint}: {Reason}")]
    private partial void LogConnectFailed(Endpoint endpoint, string reason);
}
