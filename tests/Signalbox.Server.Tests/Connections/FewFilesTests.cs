using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Signalbox.TestKit;
using Signalbox.Transport;

namespace Signalbox.Server.Tests.Connections;

/// <summary>A server that may have few files open, and many who want to come in.</summary>
public sealed class FewFilesTests
{
    private const int Many = 2_500;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(512)]
    [InlineData(1024)]
    public async Task It_serves_those_for_whom_there_is_a_file_refuses_the_others_and_goes_on(int files)
    {
        Assert.SkipUnless(FileLimit.Raise() > 2 * Many, "This machine has not enough files for the test itself.");
        var (tcp, http, mqtt) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        var data = Directory.CreateTempSubdirectory("signalbox-files");
        await using var server = ServerProcess.StartWithin(
            files, "--Tcp:Port", $"{tcp}", "--Http:Port", $"{http}", "--Mqtt:Port", $"{mqtt}",
            "--Data:Directory", data.FullName, "--Data:SegmentBytes", "1048576");
        await server.ReadyAsync();
        using var first = await ConnectAsync(tcp);
        await AskAsync(first, 0);

        var clients = new ConcurrentBag<TcpClient>();
        var served = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, Many), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            var client = await ConnectAsync(number % 5 == 0 ? http : number % 5 == 1 ? mqtt : tcp);
            clients.Add(client);
            if (number % 5 > 1 && await TryAskAsync(client, number)) Interlocked.Increment(ref served);
        });

        Assert.InRange(served, 50, files);
        await AskAsync(first, Many + 1);
        foreach (var client in clients) client.Dispose();
        var metrics = await MetricsAsync(http);
        Assert.InRange(metrics["signalbox_connections_refused_total"], Many - files, Many);
        Assert.InRange(metrics["signalbox_connections_limit"], served, files);
        server.Terminate();
        var (code, log) = await server.EndAsync();
        Assert.Equal(0, code);
        Assert.Contains($"Up to {metrics["signalbox_connections_limit"]} connections at one time: {files} files may be open", log, StringComparison.Ordinal);
        Assert.Contains("as many as allowed", log, StringComparison.Ordinal);
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Where_there_are_none_for_connections_it_says_so_and_does_not_start()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no such limit here.");
        await using var server = ServerProcess.StartWithin(230, "--Tcp:Port", $"{FreePorts.Next()}");

        var (code, complaint) = await server.EndAsync();

        Assert.Equal(2, code);
        Assert.Contains("This process may have 230 files open", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_may_let_in_fewer()
    {
        var port = FreePorts.Next();
        await using var server = ServerProcess.Start("--Tcp:Port", $"{port}", "--MaxConnections", "1");
        await server.ReadyAsync();
        using var first = await ConnectAsync(port);
        await AskAsync(first, 1);

        using var second = await ConnectAsync(port);

        Assert.Contains("too_many_connections", await ServerProcess.ReadFrameAsync(second.GetStream()), StringComparison.Ordinal);
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, Cancelled);
        return client;
    }

    private static async Task AskAsync(TcpClient client, int number)
    {
        // Large enough that the log goes through several segments.
        await ServerProcess.WriteFrameAsync(
            client.GetStream(), $$"""{"command":"set","key":"k{{number}}","value":"{{new string('x', 5_000)}}","seq":{{number}}}""");
        Assert.Contains($"\"seq\":{number}", await ServerProcess.ReadFrameAsync(client.GetStream()), StringComparison.Ordinal);
    }

    private static async Task<bool> TryAskAsync(TcpClient client, int number)
    {
        try
        {
            await AskAsync(client, number);
            return true;
        }
        catch (Exception e) when (e is IOException or Xunit.Sdk.XunitException)
        {
            // Closed, or told that there are too many.
            return false;
        }
    }

    // Until those that have left are gone, the server may be full: then it says so here, too.
    private static async Task<Dictionary<string, long>> MetricsAsync(int port)
    {
        while (true)
        {
            try
            {
                using var client = await ConnectAsync(port);
                await client.GetStream().WriteAsync("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancelled);
                using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
                var text = await reader.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
                if (text.Length > 0) return Parse(text);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // Once more.
            }
        }
    }

    private static Dictionary<string, long> Parse(string text)
    {
        var figures =
            from line in text.Split('\n')
            let parts = line.Split(' ')
            where parts.Length == 2 && parts[0].StartsWith("signalbox_connections_", StringComparison.Ordinal) && !parts[0].Contains('{', StringComparison.Ordinal)
            select KeyValuePair.Create(parts[0], long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        return new Dictionary<string, long>(figures);
    }
}
