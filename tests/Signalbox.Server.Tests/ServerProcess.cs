using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Signalbox.Server.Tests;

/// <summary>The server as users start it: a process with a command line, two streams and an exit code.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Of an argument that is given twice the later counts: without one of their own no two tests meet at this port.
    private static readonly string[] Closed = ["--Http:Port", "0", "--Mqtt:Port", "0"];

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public static ServerProcess Start(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "signalbox-server.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. Closed, .. Data(arguments), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ServerProcess(Process.Start(start)!); // It is a new process.
    }

    /// <summary>Starts it where it may have so many files open, and cannot change that.</summary>
    public static ServerProcess StartWithin(int files, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "signalbox-server.dll");
        var start = new ProcessStartInfo(
            "sh", ["-c", "ulimit -n $0 && exec dotnet \"$@\"", $"{files}", program, .. Closed, .. Data(arguments), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Each has files of its own: a test must not depend on how many there are.
            Environment = { ["DOTNET_PROCESSOR_COUNT"] = "2" },
        };
        return new ServerProcess(Process.Start(start)!); // It is a new process.
    }

    // Nothing is kept, unless a test is about what is.
    private static string[] Data(string[] arguments) =>
        arguments.Any(argument => argument.StartsWith("--Data:", StringComparison.Ordinal)) ? [] : ["--ephemeral"];

    /// <summary>Runs a command of the program to its end.</summary>
    public static async Task<(int Code, string Output, string Complaint)> RunAsync(string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "signalbox-server.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        await using var command = new ServerProcess(Process.Start(start)!); // It is a new process.
        var output = command._process.StandardOutput.ReadToEndAsync();
        var (code, complaint) = await command.EndAsync();
        return (code, await output, complaint);
    }

    /// <summary>What it prints up to the line <c>ready</c>.</summary>
    public async Task<IReadOnlyList<string>> ReadyAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync(lines) is var line && line != "ready") lines.Add(line);
        return lines;
    }

    /// <summary>Asks it to stop as a supervisor does.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).Dispose();

    /// <summary>Ends it as a crash does: it has no say in it (SIGKILL, where there are signals).</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code, and what it had to complain of.</returns>
    public async Task<(int Code, string Complaint)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var complaint = await _process.StandardError.ReadToEndAsync(patience.Token);
            await _process.WaitForExitAsync(patience.Token);
            return (_process.ExitCode, complaint);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server did not end within {Patience}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>The next frame's body from the dispatcher's port.</summary>
    public static async Task<string> ReadFrameAsync(Stream stream)
    {
        using var patience = new CancellationTokenSource(Patience);
        var prefix = new byte[sizeof(uint)];
        await stream.ReadExactlyAsync(prefix, patience.Token);
        var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix) - prefix.Length];
        await stream.ReadExactlyAsync(body, patience.Token);
        return Encoding.UTF8.GetString(body);
    }

    public static async Task WriteFrameAsync(Stream stream, string body)
    {
        var frame = new byte[sizeof(uint) + Encoding.UTF8.GetByteCount(body)];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)frame.Length);
        Encoding.UTF8.GetBytes(body, frame.AsSpan(sizeof(uint)));
        await stream.WriteAsync(frame);
    }

    private async Task<string> ReadLineAsync(List<string> before)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _process.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new EndOfStreamException($"The server ended before it was ready; it said: {string.Join('\n', before)}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server was not ready within {Patience}; it said: {string.Join('\n', before)}");
        }
    }
}
