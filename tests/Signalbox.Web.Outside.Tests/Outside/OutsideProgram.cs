using System.Diagnostics;

namespace Signalbox.Web.Outside.Tests.Outside;

/// <summary>A program that is not ours, seen by the lines that it prints.</summary>
internal sealed class OutsideProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _name;
    private readonly Process _process;
    private readonly Task<string> _complaint;

    private OutsideProgram(string name, Process process, bool speaksOnError)
    {
        _name = name;
        _process = process;
        Lines = speaksOnError ? process.StandardError : process.StandardOutput;
        _complaint = (speaksOnError ? process.StandardOutput : process.StandardError).ReadToEndAsync();
    }

    private StreamReader Lines { get; }

    /// <param name="speaksOnError">Whether what it has to say comes on the standard error.</param>
    public static OutsideProgram Start(string program, string[] arguments, bool speaksOnError = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!; // It is a new process.
        return new OutsideProgram(Path.GetFileName(program), process, speaksOnError);
    }

    /// <summary>Waits for the next line.</summary>
    /// <param name="phase">What is waited for, for the message of a test that fails.</param>
    public async Task<string> ReadLineAsync(string phase)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await Lines.ReadLineAsync(patience.Token)
                ?? throw new EndOfStreamException($"{_name} ended while it was waited for {phase}: {await _complaint}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} did not come to {phase} within {Patience}.");
        }
    }

    /// <summary>Waits for a line that has this in it.</summary>
    public async Task<string> ReadUntilAsync(string part, string phase)
    {
        while (true)
        {
            var line = await ReadLineAsync(phase);
            if (line.Contains(part, StringComparison.Ordinal)) return line;
        }
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Lets it end by itself: it may have something to put away.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        // What it has started would outlive it.
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
