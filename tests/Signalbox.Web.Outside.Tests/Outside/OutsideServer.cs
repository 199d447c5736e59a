using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Signalbox.Server.Tests;
using Signalbox.TestKit;

[assembly: AssemblyFixture(typeof(Signalbox.Web.Outside.Tests.Outside.OutsideServer))]

namespace Signalbox.Web.Outside.Tests.Outside;

/// <summary>
/// The server as a process, and another web server that has the page: its origin may connect, by one of its names.
/// </summary>
public sealed class OutsideServer : IAsyncLifetime
{
    private readonly int _port = FreePorts.Next();
    private readonly int _pagePort = FreePorts.Next();
    private readonly HttpClient _client = new();
    private ServerProcess _server = null!; // Set before any test.
    private WebApplication _pages = null!; // Set before any test.

    public int Port => _port;

    public string Authority => $"127.0.0.1:{_port}";

    /// <summary>The page at the origin that the settings name.</summary>
    public string Page => $"http://127.0.0.1:{_pagePort}/";

    /// <summary>The same page, at an origin that they do not name.</summary>
    public string StrangePage => $"http://localhost:{_pagePort}/";

    public async ValueTask InitializeAsync()
    {
        _server = ServerProcess.Start(
            "--Tcp:Port", "0", "--Http:Port", $"{_port}", "--Http:AllowedOrigins:0", Page[..^1],
            "--Sse:Retry", "00:00:00.02",
            "--Channels:0:Filter", "#", "--Channels:0:HistorySize", "100000", "--Channels:0:HistoryAge", "01:00:00");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.ListenLocalhost(_pagePort));
        _pages = builder.Build();
        _pages.MapGet("/", () => Results.File(Parts.Page, "text/html; charset=utf-8"));
        await _pages.StartAsync();
        await _server.ReadyAsync();
    }

    /// <summary>Publishes these texts, one after the other.</summary>
    public async Task PublishAsync(string channel, params IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            using var body = new StringContent(value);
            using var answer = await _client.PostAsync(new Uri($"http://{Authority}/channels/{channel}"), body);
            answer.EnsureSuccessStatusCode();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _pages.DisposeAsync();
        await _server.DisposeAsync();
    }
}
