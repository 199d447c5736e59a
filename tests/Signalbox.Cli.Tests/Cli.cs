using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Tests;

/// <summary>A terminal at which the command is typed.</summary>
internal sealed class Cli(string server, IReadOnlyDictionary<string, string>? environment = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Cli At(TestServer server) => new(server.Address);

    public Task<Ended> RunAsync(params string[] args) => Start(args).EndAsync();

    public Task<Ended> RunWithInputAsync(byte[] input, params string[] args) => Start(args, input).EndAsync();

    /// <summary>Runs it, and takes every line of its output for JSON.</summary>
    public async Task<IReadOnlyList<JsonElement>> JsonAsync(params string[] args)
    {
        var ended = await RunAsync([.. args, "--json"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        return [.. ended.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public Running Start(string[] args, byte[]? input = null)
    {
        var output = new Lines();
        var error = new StringWriter();
        var interrupt = new CancellationTokenSource();
        var terminal = new Terminal(new MemoryStream(input ?? []), output, error, new UtcClock(), Variable);
        return new Running(new CommandLine(terminal).RunAsync(args, interrupt.Token), args, output, error, interrupt);
    }

    private string? Variable(string name) => name == "SIGNALBOX_SERVER" ? server : environment?.GetValueOrDefault(name);

    /// <param name="Output">All of stdout.</param>
    internal sealed record Ended(int Code, string Output, string Error)
    {
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A command that has not ended yet.</summary>
    internal sealed class Running(
        Task<int> exit, string[] args, Lines output, StringWriter error, CancellationTokenSource interrupt)
    {
        /// <summary>The next line that it lets out.</summary>
        public async Task<string> LineAsync()
        {
            var line = output.NextAsync();
            var first = await Task.WhenAny(line, exit).WaitAsync(Patience);
            if (first == exit && !line.IsCompleted)
            {
                Assert.Fail($"'{string.Join(' ', args)}' ended with {await exit} before its next line: {error}");
            }

            return await line;
        }

        public async Task<Ended> InterruptAsync()
        {
            await interrupt.CancelAsync();
            return await EndAsync();
        }

        public async Task<Ended> EndAsync()
        {
            var code = await exit.WaitAsync(Patience);
            interrupt.Dispose();
            return new Ended(code, output.ToString(), error.ToString());
        }
    }

    /// <summary>Keeps all, and gives out what has been flushed line by line.</summary>
    internal sealed class Lines : StringWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private int _told;

        public override Encoding Encoding => Encoding.UTF8;

        public Task<string> NextAsync() => _lines.Reader.ReadAsync().AsTask();

        public override void Flush()
        {
            var text = ToString();
            for (int end; (end = text.IndexOf('\n', _told)) >= 0; _told = end + 1) _lines.Writer.TryWrite(text[_told..end]);
        }
    }

    /// <summary>The system's time in a zone that is the same on every machine.</summary>
    private sealed class UtcClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
