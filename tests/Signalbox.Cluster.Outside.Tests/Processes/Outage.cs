namespace Signalbox.Cluster.Outside.Tests.Processes;

/// <summary>A time in which something is not there. There is nothing else to wait for: it is the time that is tested.
/// </summary>
internal static class Outage
{
    public static async Task LastAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
