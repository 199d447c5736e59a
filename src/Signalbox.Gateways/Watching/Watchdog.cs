using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Gates;
using Signalbox.Transport;

namespace Signalbox.Gateways.Watching;

/// <summary>
/// Looks every second whether a loop or a gate has stood still for five, and says so in the log, with stacks. It has a
/// thread of its own and enters no gate of the data path, so it goes on when nothing else does.
/// </summary>
internal sealed partial class Watchdog : IHostedService, IDisposable
{
    /// <summary>A loop or a gate that stands for this long is reported, and the process is not live until it goes on.</summary>
    public static readonly TimeSpan Patience = GateWaits.Patience;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int StackBytes = 256 * 1024;

    private readonly Func<IEnumerable<Standing>> _look;
    private readonly IThreadStacks? _stacks;
    private readonly ILogger<Watchdog> _logger;
    private readonly ManualResetEvent _ended = new(initialState: false);
    private readonly Thread _thread;
    private HashSet<string> _reported = [];
    private int _isDisposed;

    public Watchdog(IServiceProvider services, ILogger<Watchdog> logger)
        : this(LookAt(services.GetService<PollTransport>()), services.GetService<IThreadStacks>(), logger)
    {
    }

    /// <param name="look">What stands still, and has for as long as it takes to be reported.</param>
    internal Watchdog(Func<IEnumerable<Standing>> look, IThreadStacks? stacks, ILogger<Watchdog> logger)
    {
        _look = look;
        _stacks = stacks;
        _logger = logger;
        _thread = new Thread(Run, StackBytes) { Name = "watchdog", IsBackground = true };
    }

    /// <summary>What stands still, in a sentence; null while everything goes on.</summary>
    public string? Trouble { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <remarks>It watches the stop, too: it ends when it is disposed of.</remarks>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <remarks>The container does so twice, as it knows it by two names.</remarks>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;

        _ended.Set();
        if (_thread.IsAlive) _thread.Join();
        _ended.Dispose();
    }

    /// <summary>One look. Only on its thread; tests call it without one.</summary>
    internal void Look()
    {
        Standing[] standing = [.. _look()];
        Trouble = standing.Length == 0 ? null : $"Standing still: {string.Join(", ", standing.Select(one => one.What))}.";
        Standing[] unreported = [.. standing.Where(one => !_reported.Contains(one.Id))];
        if (unreported.Length > 0) Report(unreported);
        else if (standing.Length == 0 && _reported.Count > 0) LogGoesOn();
        _reported = [.. standing.Select(one => one.Id)];
    }

    private void Run()
    {
        while (!_ended.WaitOne(Interval)) Look();
    }

    private void Report(Standing[] standing)
    {
        foreach (var one in standing) LogStands(one.What, Patience.TotalSeconds, one.Stack ?? "its stack is among those of all threads");
        LogThreads(_stacks?.Read() ?? "they cannot be read in this process");
    }

    // Asked for once: it goes on looking while the container is disposed of.
    private static Func<IEnumerable<Standing>> LookAt(PollTransport? transport) => () => StandingNow(transport);

    private static IEnumerable<Standing> StandingNow(PollTransport? transport)
    {
        foreach (var (loop, worksFor) in transport?.Rounds ?? [])
        {
            if (worksFor >= Patience) yield return new Standing(loop, $"loop '{loop}'", Stack: null);
        }

        foreach (var wait in GateWaits.Current)
        {
            yield return new Standing($"{wait.Number}", $"thread '{wait.Thread}' at gate {wait.Rank}", wait.Stack);
        }
    }

    [LoggerMessage(2511, LogLevel.Critical, "Standing still for {Seconds} s or more: {What}. {Stack}")]
    private partial void LogStands(string what, double seconds, string stack);

    [LoggerMessage(2512, LogLevel.Critical, "Stacks of all threads: {Stacks}")]
    private partial void LogThreads(string stacks);

    [LoggerMessage(2513, LogLevel.Warning, "What stood still goes on")]
    private partial void LogGoesOn();
}
