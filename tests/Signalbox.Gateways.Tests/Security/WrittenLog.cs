using Microsoft.Extensions.Logging;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>Everything that was logged, as text.</summary>
internal sealed class WrittenLog : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        lock (_gate) _lines.Add($"{state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate) _lines.Add($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
        // It holds nothing but texts.
    }
}
