using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Signalbox.Serving.Ending;

/// <summary>
/// Ends the process when a stop takes longer than the grace period, whatever hangs: nothing that was confirmed is lost by
/// that, as by a kill. It has a thread of its own, and does not wait for anybody who is told of the stop.
/// </summary>
internal sealed partial class EndGuard : IDisposable
{
    /// <summary>The exit code of a process that had to be ended.</summary>
    public const int ExitCode = 4;

    private const int StackBytes = 64 * 1024;

    // The log may be closed in order even where the connections get no time at all.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly ManualResetEvent _ended = new(initialState: false);
    private readonly WaitHandle _stopping;
    private readonly TimeSpan _longest;
    private readonly Action<int> _end;
    private readonly Thread _thread;

    public EndGuard(IHostApplicationLifetime lifetime, ServingOptions options)
        : this(lifetime.ApplicationStopping.WaitHandle, Longest(options), ExitNow)
    {
    }

    /// <param name="stopping">Set when the stop begins.</param>
    /// <param name="end">Ends the process.</param>
    internal EndGuard(WaitHandle stopping, TimeSpan longest, Action<int> end)
    {
        // The handle is set before any callback of the token runs, one of which may be what hangs.
        _stopping = stopping;
        _longest = longest;
        _end = end;
        _thread = new Thread(Run, StackBytes) { Name = "end guard", IsBackground = true };
        _thread.Start();
    }

    /// <summary>How long a stop may take in all.</summary>
    public static TimeSpan Longest(ServingOptions options) => options.GracePeriod > Shortest ? options.GracePeriod : Shortest;

    /// <summary>How long of that the host may wait for connections: the rest is for the log.</summary>
    public static TimeSpan ForConnections(ServingOptions options) => options.GracePeriod * 0.9;

    /// <summary>The stop came to its end.</summary>
    /// <remarks>What is made first is disposed of last: everything else has ended, the log is closed.</remarks>
    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Run()
    {
        if (WaitHandle.WaitAny([_ended, _stopping]) == 0 || _ended.WaitOne(_longest)) return;

        Console.Error.WriteLine($"The stop took longer than {_longest.TotalSeconds} s: the process ends now.");
        _end(ExitCode);
    }

    // Without a callback, a finalizer or a thread that could hang as well.
    private static void ExitNow(int code)
    {
        if (OperatingSystem.IsWindows()) Environment.FailFast("The stop took too long.");
        else Exit(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
