namespace Signalbox.Cluster.Outside.Tests.Processes;

/// <summary>A silo as it is started on a machine. It has the same ports each time.</summary>
internal sealed class Silo : IAsyncDisposable
{
    /// <summary>The silo that was built with these tests.</summary>
    public static readonly string OwnBuild = Path.Combine(AppContext.BaseDirectory, "signalbox-silo.dll");

    private readonly string[] _arguments;
    private readonly string[] _wrapper;
    private Child? _process;

    /// <param name="name">For messages.</param>
    /// <param name="redis">Null for a silo that is its whole cluster.</param>
    /// <param name="wrapper">A program and arguments that run it, as in another network; empty for none.</param>
    public Silo(string name, string address, string? redis, string[] wrapper, string[] more)
    {
        Name = name;
        Address = address;
        _wrapper = wrapper;
        _arguments =
        [
            "--Tcp:Port", $"{TcpPort}", "--Tcp:Address", address, "--Http:Port", $"{HttpPort}", "--Http:Address", address,
            "--Mqtt:Port", "0", "--Cluster:Address", address,
            "--Cluster:SiloPort", $"{Ports.Free()}", "--Cluster:ClientPort", "0",
            "--Cluster:ProbeInterval", "00:00:00.5", "--Cluster:MissedProbes", "2", "--Cluster:Votes", "1",
            .. redis is null ? (string[])[] : ["--Cluster:Redis", redis],
            .. more,
        ];
    }

    public string Name { get; }

    public string Address { get; }

    public int TcpPort { get; } = Ports.Free();

    public int HttpPort { get; } = Ports.Free();

    /// <summary>What it is started from: a program, or a library that dotnet runs. Another one can take its place.</summary>
    public string Build { get; set; } = OwnBuild;

    public string Endpoint => $"{Address}:{TcpPort}";

    public bool IsRunning => _process is { HasEnded: false };

    private Child Process => _process ?? throw new InvalidOperationException($"{Name} was not started.");

    public async Task StartAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        string[] program = Build.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", Build] : [Build];
        string[] command = [.. _wrapper, .. program, .. _arguments];
        _process = Child.Start(Name, command[0], command[1..], "ready");
        await _process.ReadyAsync();
    }

    public Task SignalAsync(string name) => Process.SignalAsync(name);

    public Task<int> EndAsync() => Process.EndAsync();

    public string Said() => Process.Said();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }
}
