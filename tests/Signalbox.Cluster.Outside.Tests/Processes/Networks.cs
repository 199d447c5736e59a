using System.Diagnostics;

namespace Signalbox.Cluster.Outside.Tests.Processes;

/// <summary>
/// Two networks that reach one another and this machine over a bridge, until they are cut from each other; this machine,
/// and the Redis on it, they reach all the time.
/// </summary>
internal sealed class Networks : IAsyncDisposable
{
    private readonly string _name = $"sb{Environment.ProcessId}";
    private readonly string _subnet = $"10.{100 + Environment.ProcessId / 250 % 100}.{Environment.ProcessId % 250}";

    private Networks()
    {
    }

    /// <summary>This machine, as they see it.</summary>
    public string Hub => $"{_subnet}.1";

    public IReadOnlyList<string> Addresses => [$"{_subnet}.2", $"{_subnet}.3"];

    /// <summary>Makes them, or skips the test where that is not allowed here.</summary>
    public static async Task<Networks> MakeAsync()
    {
        var networks = new Networks();
        if (!await networks.TryMakeAsync())
        {
            await networks.DisposeAsync();
            Assert.Skip("Network namespaces cannot be made here: that wants root, and the program ip.");
        }

        return networks;
    }

    /// <summary>How a program is run in one of them.</summary>
    public string[] CommandIn(int index) => ["ip", "netns", "exec", Space(index)];

    /// <summary>From here on neither reaches the other.</summary>
    public async Task CutAsync()
    {
        for (var i = 0; i < 2; i++) await ChangeRouteAsync("add", i);
    }

    public async Task HealAsync()
    {
        for (var i = 0; i < 2; i++) await ChangeRouteAsync("del", i);
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < 2; i++) await TryRunAsync("netns", "del", Space(i));
        await TryRunAsync("link", "del", _name);
    }

    private string Space(int index) => $"{_name}-{index}";

    private async Task ChangeRouteAsync(string change, int index)
    {
        string[] route = ["-n", Space(index), "route", change, "blackhole", $"{Addresses[1 - index]}/32"];
        Assert.True(await TryRunAsync(route), $"The networks could not be changed: {string.Join(' ', route)}");
    }

    private async Task<bool> TryMakeAsync()
    {
        if (!await TryRunAsync("link", "add", _name, "type", "bridge")) return false;
        if (!await TryRunAsync("addr", "add", $"{Hub}/24", "dev", _name)) return false;
        if (!await TryRunAsync("link", "set", _name, "up")) return false;

        for (var i = 0; i < 2; i++)
        {
            var (space, near, far) = (Space(i), $"{_name}n{i}", $"{_name}f{i}");
            if (!await TryRunAsync("netns", "add", space)) return false;
            if (!await TryRunAsync("link", "add", near, "type", "veth", "peer", "name", far)) return false;
            if (!await TryRunAsync("link", "set", near, "master", _name, "up")) return false;
            if (!await TryRunAsync("link", "set", far, "netns", space)) return false;
            if (!await TryRunAsync("-n", space, "addr", "add", $"{Addresses[i]}/24", "dev", far)) return false;
            if (!await TryRunAsync("-n", space, "link", "set", far, "up")) return false;
            if (!await TryRunAsync("-n", space, "link", "set", "lo", "up")) return false;
        }

        return true;
    }

    private static async Task<bool> TryRunAsync(params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("ip", arguments) { RedirectStandardError = true };
            using var ip = Process.Start(start)!; // It is a new process.
            await ip.StandardError.ReadToEndAsync();
            await ip.WaitForExitAsync();
            return ip.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
