namespace Signalbox.Cluster.Outside.Tests.Processes;

/// <summary>A Redis of a test's own, which keeps what it has confirmed even when it is killed.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly string? Program =
        new[] { "/usr/bin/redis-server", "/usr/local/bin/redis-server" }.FirstOrDefault(File.Exists);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("signalbox-redis-");
    private readonly string _address;
    private Child _process;

    private RedisServer(string address)
    {
        _address = address;
        _process = Start();
    }

    /// <summary>Why there is none here; null where there is.</summary>
    public static string? Missing => Program is null ? "There is no redis-server on this machine." : null;

    public int Port { get; } = Ports.Free();

    public static async Task<RedisServer> StartAsync(string address)
    {
        if (Missing is { } reason) Assert.Skip(reason);

        var redis = new RedisServer(address);
        await redis._process.ReadyAsync();
        return redis;
    }

    public Task SignalAsync(string name) => _process.SignalAsync(name);

    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        _process = Start();
        await _process.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private Child Start() => Child.Start(
        "Redis",
        Program!, // Looked for before.
        [
            "--port", $"{Port}", "--bind", _address, "--protected-mode", "no", "--dir", _data.FullName,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        ],
        "Ready to accept connections");
}
