using System.Diagnostics;

namespace Signalbox.Cluster.Outside.Tests.Processes;

/// <summary>A process that a test starts, waits for, and does to what machines do to processes.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int KeptLines = 60;

    private readonly string _name;
    private readonly Process _process;
    private readonly Queue<string> _lines = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private Child(string name, Process process, string readyLine)
    {
        _name = name;
        _process = process;
        // Both are read all the time: a pipe that is full would stop the process.
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, readyLine), ReadAsync(process.StandardError, readyLine));
    }

    /// <summary>Longer than anything takes that works, on a machine that has other things to do.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public bool HasEnded => _process.HasExited;

    /// <param name="readyLine">What is in the line that says it has started.</param>
    public static Child Start(string name, string program, IEnumerable<string> arguments, string readyLine)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new Child(name, Process.Start(start)!, readyLine); // It is a new process.
    }

    public Task ReadyAsync() => WithinPatience(_ready.Task, "ready");

    /// <param name="name">Such as TERM.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await WithinPatience(_process.WaitForExitAsync(), "its end");
        return _process.ExitCode;
    }

    /// <summary>What it said last.</summary>
    public string Said()
    {
        lock (_lines) return string.Join('\n', _lines);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task WithinPatience(Task task, string phase)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_name} did not come to {phase} within {Patience}; it said: {Said()}");
        }
    }

    private async Task ReadAsync(StreamReader output, string readyLine)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                if (_lines.Count == KeptLines) _lines.Dequeue();
                _lines.Enqueue(line);
            }

            if (line.Contains(readyLine, StringComparison.Ordinal)) _ready.TrySetResult();
        }

        _ready.TrySetException(new EndOfStreamException($"{_name} ended before it was ready; it said: {Said()}"));
        // Whether it was ready may be nobody's question.
        _ = _ready.Task.Exception;
    }
}
