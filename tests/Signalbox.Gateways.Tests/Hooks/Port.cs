using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Hooks;

/// <summary>A server that is talked to on one port or the other, where a test is about both.</summary>
internal sealed class Port : IAsyncDisposable
{
    private readonly DispatcherHost? _dispatcher;
    private readonly HttpHost? _http;

    private Port(DispatcherHost? dispatcher, HttpHost? http)
    {
        _dispatcher = dispatcher;
        _http = http;
    }

    public static async Task<Port> StartAsync(bool isWebSocket, Action<HostPlan> change) => isWebSocket
        ? new Port(null, await HttpHost.StartAsync(change))
        : new Port(await DispatcherHost.StartAsync(change), null);

    public async Task<ITalker> ConnectAsync() =>
        _http is null ? await _dispatcher!.ConnectAsync() : await _http.ConnectAsync(); // There is one of them.

    public async ValueTask DisposeAsync()
    {
        if (_http is not null) await _http.DisposeAsync();
        if (_dispatcher is not null) await _dispatcher.DisposeAsync();
    }
}
