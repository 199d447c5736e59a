using Signalbox.Gateways.Outbound;

namespace Signalbox.Gateways.Sessions;

/// <summary>Several things that change hands with one write.</summary>
internal sealed class HandOvers : IHandOver
{
    private readonly List<IHandOver> _all = [];

    public void Add(IHandOver handOver) => _all.Add(handOver);

    public void Written()
    {
        foreach (var handOver in _all) handOver.Written();
    }

    public void Lost()
    {
        foreach (var handOver in _all) handOver.Lost();
    }
}
