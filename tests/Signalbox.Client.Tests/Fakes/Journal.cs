using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Signalbox.Client.Tests.Fakes;

/// <summary>What the client logs, for a test to wait for.</summary>
internal sealed class Journal : ILogger<SignalboxClient>
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    /// <summary>The next event of this name; others before it are passed over.</summary>
    public async Task WaitForAsync(string name)
    {
        while (await _events.Reader.ReadAsync().AsTask().Soon($"the log to have {name}") != name)
        {
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _events.Writer.TryWrite(eventId.Name ?? "");
}
