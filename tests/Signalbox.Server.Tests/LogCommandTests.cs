using Signalbox.TestKit;

namespace Signalbox.Server.Tests;

/// <summary>The operator's commands, as processes: exit codes and texts.</summary>
public sealed class LogCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signalbox-log-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("what is to be done")]
    [InlineData("no command 'clean'", "clean")]
    [InlineData("no option --frm", "dump", "--frm", "7")]
    [InlineData("--to x is no position", "dump", "--to", "x")]
    [InlineData("--kind row is none of", "dump", "--kind", "row")]
    [InlineData("needs a directory", "backup")]
    [InlineData("takes no --name", "check", "--name", "jobs")]
    [InlineData("There is no log in", "check")]
    [InlineData("There is no directory", "check", "--Data:Directory", "/no/such/directory")]
    public async Task Wrong_usage_is_said_and_ends_with_2(string said, params string[] arguments)
    {
        var (code, _, complaint) = await RunAsync(_folder.FullName, arguments);

        Assert.Equal(2, code);
        Assert.Contains(said, complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_log_is_checked_dumped_and_backed_up()
    {
        var data = Golden("data");
        var copy = Path.Combine(_folder.FullName, "copy");

        var (checkedCode, checkedText, _) = await RunAsync(data, "check");
        var (dumped, lines, _) = await RunAsync(data, "dump", "--kind", "queue", "--from", "20");
        var (copied, _, _) = await RunAsync(data, "backup", copy);
        var (again, _, complaint) = await RunAsync(data, "backup", copy);
        var (repaired, nothing, _) = await RunAsync(copy, "repair");

        Assert.Equal((0, 0, 0, 2, 0), (checkedCode, dumped, copied, again, repaired));
        Assert.Contains("It ends at position 59, closed in order.", checkedText, StringComparison.Ordinal);
        Assert.Contains(" queue \"jobs\" told ItemKept ", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("work", lines, StringComparison.Ordinal);
        Assert.Contains("is not empty", complaint, StringComparison.Ordinal);
        Assert.Contains("nothing to repair", nothing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_log_ends_with_1_and_a_server_starts_on_it_when_it_was_repaired()
    {
        var data = Golden("data");
        var segment = Path.Combine(data, "log-0000000001");
        var bytes = await File.ReadAllBytesAsync(segment, Token);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, Token);

        string[] options = ["--Tcp:Port", $"{FreePorts.Next()}", "--Data:Directory", data];
        await using (var refusing = ServerProcess.Start(options))
        {
            var (refused, advice) = await refusing.EndAsync();
            Assert.Equal(2, refused);
            Assert.Contains($"signalbox-server log repair --Data:Directory \"{data}\"", advice, StringComparison.Ordinal);
        }

        var (damaged, text, _) = await RunAsync(data, "check");
        var (repaired, said, _) = await RunAsync(data, "repair");
        var (good, _, _) = await RunAsync(data, "check");

        await using (var server = ServerProcess.Start(options))
        {
            await server.ReadyAsync();
            Assert.Equal((0, 2), ((await RunAsync(data, "check")).Code, (await RunAsync(data, "repair")).Code));
        }

        Assert.Equal((1, 0, 0), (damaged, repaired, good));
        Assert.Contains("log-0000000001 is damaged at byte 32", text, StringComparison.Ordinal);
        Assert.Contains("The damaged files are in damaged-", said, StringComparison.Ordinal);
        var old = Assert.Single(Directory.GetFiles(data, "log-0000000001", SearchOption.AllDirectories));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(old, Token));
    }

    private static async Task<(int Code, string Output, string Complaint)> RunAsync(
        string data, params string[] arguments)
    {
        var isComplete = arguments.Length == 0 || arguments.Contains("--Data:Directory");
        string[] directory = isComplete ? [] : ["--Data:Directory", data];
        return await ServerProcess.RunAsync(["log", .. arguments, .. directory]);
    }

    // The log that the engine's tests keep.
    private string Golden(string name)
    {
        var data = _folder.CreateSubdirectory(name).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "golden-log")))
        {
            if (Path.GetExtension(file).Length == 0) File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        }

        return data;
    }
}
