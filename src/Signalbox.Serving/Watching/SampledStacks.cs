using System.Diagnostics.Tracing;
using System.Text;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing.Etlx;
using Signalbox.Gateways.Watching;

namespace Signalbox.Serving.Watching;

/// <summary>The stacks of all threads, as the runtime's own sampler sees them, without the help of those threads.</summary>
internal sealed class SampledStacks : IThreadStacks
{
    private const string Sampler = "Microsoft-DotNETCore-SampleProfiler";
    private const int BufferMegabytes = 16;
    private const int MostCharacters = 64 * 1024;

    // The sampler looks at every thread a hundred times and more in this.
    private static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string? Read()
    {
        var trace = Path.Combine(Path.GetTempPath(), $"signalbox-stacks-{Guid.NewGuid():N}");
        var log = trace + ".etlx";
        try
        {
            if (!TryRecord(trace)) return null;

            TraceLog.CreateFromEventPipeDataFile(trace, log);
            using var events = new TraceLog(log);
            return Write(events);
        }
        catch (Exception e)
        {
            // Diagnostics may be turned off, the disk full, the runtime itself stuck: the report goes on without.
            return $"none, since they could not be sampled: {e.Message}";
        }
        finally
        {
            File.Delete(trace);
            File.Delete(log);
        }
    }

    private static bool TryRecord(string file)
    {
        var client = new DiagnosticsClient(Environment.ProcessId);
        using var session = client.StartEventPipeSession(
            [new EventPipeProvider(Sampler, EventLevel.Informational)], requestRundown: true, BufferMegabytes);
        using var output = File.Create(file);
        // A thread of its own: the pool's may all be held up.
        var copying = new Thread(() => Copy(session.EventStream, output)) { Name = "stacks", IsBackground = true };
        copying.Start();
        if (!copying.Join(SampleTime)) session.Stop();
        return copying.Join(Patience);
    }

    private static void Copy(Stream from, FileStream to)
    {
        try
        {
            from.CopyTo(to);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // What has come is read; if that is nothing, it is said.
        }
    }

    // Threads that stand at the same place are one paragraph.
    private static string Write(TraceLog log)
    {
        var stacks = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var seen = new HashSet<int>();
        foreach (var sample in log.Events)
        {
            if (sample.ProviderName != Sampler || !seen.Add(sample.ThreadID)) continue;

            var stack = Write(sample.CallStack());
            if (!stacks.TryGetValue(stack, out var threads)) stacks[stack] = threads = [];
            threads.Add(NameOf(sample.ThreadID));
        }

        var text = new StringBuilder();
        foreach (var (stack, threads) in stacks) text.Append('\n').AppendJoin(", ", threads).Append('\n').Append(stack);
        return text.Length <= MostCharacters ? text.ToString() : $"{text.ToString(0, MostCharacters)}\n(more were left out)";
    }

    private static string Write(TraceCallStack? frame)
    {
        var text = new StringBuilder();
        for (; frame is not null; frame = frame.Caller) text.Append("   at ").Append(frame.CodeAddress.FullMethodName).Append('\n');
        return text.ToString();
    }

    private static string NameOf(int thread)
    {
        try
        {
            return $"thread {thread} '{File.ReadAllText($"/proc/self/task/{thread}/comm").TrimEnd()}'";
        }
        catch (IOException)
        {
            return $"thread {thread}"; // It has ended, or this is no Linux.
        }
    }
}
