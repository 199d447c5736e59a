using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit.Disks;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>A server on a disk in memory, that is killed and begins again on what the disk has then.</summary>
internal sealed class MqttRestart(Action<HostPlan>? change = null) : IAsyncDisposable
{
    /// <summary>What a rule gives that names a history.</summary>
    public static readonly ChannelOptions WithHistory = new()
    {
        HistorySize = 100,
        HistoryAge = TimeSpan.FromHours(1),
        Durability = Core.Storage.Durability.Always,
    };

    private SimulatedDisk _disk = new(seed: 1);

    public MqttPort Port { get; private set; } = null!; // It is set by StartAsync.

    public static async Task<MqttRestart> StartAsync(Action<HostPlan>? change = null)
    {
        var server = new MqttRestart(change);
        await server.BeginAsync();
        return server;
    }

    /// <summary>The process is gone at this moment, and whatever was not durable with it; then there is another one.</summary>
    public async Task KillAsync()
    {
        var left = _disk.Crash(new Random(1));
        // What the old one does at its end is done to its own disk.
        await Port.DisposeAsync();
        _disk = left;
        await BeginAsync();
    }

    public ValueTask DisposeAsync() => Port.DisposeAsync();

    private async Task BeginAsync() => Port = await MqttPort.StartAsync(plan =>
    {
        plan.Disk = _disk;
        plan.Rule("log/#", WithHistory);
        change?.Invoke(plan);
    });
}
