using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signalbox.InProcess;

namespace Signalbox.Hosting.Tests;

/// <summary>Somebody's app, with Signalbox in it, on a free port.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    public TestApp(
        Action<WebApplicationBuilder> build, string url = "http://127.0.0.1:0", Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        build(builder);
        _app = builder.Build();
        _app.Urls.Add(url);
        if (map is null) _app.MapSignalbox();
        else map(_app);
    }

    public ISignalbox Signalbox => _app.Services.GetRequiredService<ISignalbox>();

    public HttpClient Http => new() { BaseAddress = new Uri(Addresses.First(address => address.StartsWith("http:", StringComparison.Ordinal))) };

    public ICollection<string> Addresses =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses; // Kestrel has it.

    public static async Task<TestApp> StartAsync(Action<SignalboxOptions>? configure = null, Action<WebApplication>? map = null)
    {
        var app = new TestApp(builder => builder.Services.AddSignalbox(configure), map: map);
        await app.StartAsync();
        return app;
    }

    public Task StartAsync() => _app.StartAsync();

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
