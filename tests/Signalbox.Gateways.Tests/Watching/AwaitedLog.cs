using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Signalbox.Gateways.Tests.Watching;

/// <summary>A log whose entries can be waited for.</summary>
internal sealed class AwaitedLog : ILoggerProvider, ILogger
{
    private readonly Channel<(int Id, string Text)> _entries = Channel.CreateUnbounded<(int, string)>();

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Writer.TryWrite((eventId.Id, formatter(state, exception)));

    /// <summary>Waits for the next entry of this event, and skips those before.</summary>
    public async Task<string> NextAsync(int id, CancellationToken cancellation)
    {
        while (true)
        {
            var (found, text) = await _entries.Reader.ReadAsync(cancellation);
            if (found == id) return text;
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() => _entries.Writer.TryComplete();
}
