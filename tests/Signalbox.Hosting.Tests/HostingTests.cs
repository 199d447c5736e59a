using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Signalbox.Client;
using Signalbox.InProcess;

namespace Signalbox.Hosting.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task What_the_app_says_and_what_comes_in_meet_in_one_engine()
    {
        await using var app = await TestApp.StartAsync();
        await app.Signalbox.SetAsync("theme", "dark", cancellationToken: Token);
        await using var news = await app.Signalbox.SubscribeAsync("news", cancellationToken: Token);

        var theme = await app.Http.GetStringAsync("/hash/theme", Token);
        using var published = await app.Http.PostAsync("/channels/news", new StringContent("hello"), Token);

        Assert.Equal("dark", theme);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        Assert.Equal("hello", (await news.FirstAsync(Token)).Text);
    }

    [Fact]
    public async Task Its_routes_are_below_the_prefix_of_their_group_and_the_others_are_the_apps()
    {
        await using var app = await TestApp.StartAsync(map: app =>
        {
            app.MapGroup("/box").MapSignalbox();
            app.MapGet("/", () => "mine");
            app.MapFallback(() => Results.Text("mine too"));
        });
        await app.Signalbox.SetAsync("theme", "dark", cancellationToken: Token);
        var address = new UriBuilder(app.Http.BaseAddress!) { Scheme = "ws", Path = "/box/ws" }.Uri; // It was given one.

        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, Token);
        await socket.SendAsync("""{"command":"get","key":"theme","seq":1}"""u8.ToArray(), WebSocketMessageType.Text, true, Token);
        var reply = new byte[1000];
        var received = await socket.ReceiveAsync(reply, Token);

        Assert.Contains("dark", Encoding.UTF8.GetString(reply, 0, received.Count), StringComparison.Ordinal);
        Assert.Equal("dark", await app.Http.GetStringAsync("/box/hash/theme", Token));
        var description = await app.Http.GetStringAsync("/box/openapi.json", Token);
        Assert.Contains("\"/box/hash/{name}\":", description, StringComparison.Ordinal);
        Assert.DoesNotContain("\"/hash/{name}\":", description, StringComparison.Ordinal);
        Assert.Equal(["mine", "mine too"], [await app.Http.GetStringAsync("/", Token), await app.Http.GetStringAsync("/nowhere", Token)]);
    }

    [Fact]
    public async Task The_dispatchers_port_is_one_more_endpoint_of_the_apps_server()
    {
        await using var app = new TestApp(builder =>
        {
            builder.Services.AddSignalbox();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseSignalbox()));
        });
        await app.StartAsync();
        await using var client = new SignalboxClient(
            new SignalboxClientOptions { Endpoints = { new Uri(app.Addresses.Single()).Authority } });

        await client.PushAsync("jobs", "one", cancellationToken: Token);

        Assert.Equal("one", (await app.Signalbox.PopAsync("jobs", cancellationToken: Token))?.Text);
    }

    [Fact]
    public async Task The_engine_is_there_before_any_other_service_of_the_app_starts()
    {
        var early = new EarlyService();
        await using var app = new TestApp(builder =>
        {
            builder.Services.AddHostedService(provider =>
            {
                early.Signalbox = provider.GetRequiredService<ISignalbox>();
                return early;
            });
            builder.Services.AddSignalbox();
        });

        await app.StartAsync();

        Assert.Equal(1, early.Receivers);
    }

    [Fact]
    public async Task What_is_kept_in_a_directory_is_there_the_next_time()
    {
        var directory = Directory.CreateTempSubdirectory("signalbox-hosting-");
        try
        {
            var first = await TestApp.StartAsync(options => options.Data.Directory = directory.FullName);
            await first.Signalbox.PushAsync("jobs", "one", cancellationToken: Token);
            await first.StopAsync();

            // The one before is stopped, and not disposed of: its log is closed all the same.
            await using var second = await TestApp.StartAsync(options => options.Data.Directory = directory.FullName);

            Assert.Equal("one", (await second.Signalbox.PopAsync("jobs", cancellationToken: Token))?.Text);
            await first.DisposeAsync();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_settings_may_come_from_the_apps_configuration()
    {
        await using var app = new TestApp(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Signalbox:Channels:0:Filter"] = "json/#", ["Signalbox:Channels:0:RequireJson"] = "true",
            });
            builder.Services.AddSignalbox(builder.Configuration.GetSection("Signalbox"), options => options.Limits.MaxItems = 1);
        });
        await app.StartAsync();
        await app.Signalbox.PushAsync("jobs", "one", cancellationToken: Token);

        await Assert.ThrowsAsync<InProcess.SignalboxException>(() => app.Signalbox.PublishAsync("json/a", "text", cancellationToken: Token));
        await Assert.ThrowsAsync<InProcess.SignalboxException>(() => app.Signalbox.PushAsync("jobs", "two", cancellationToken: Token));
    }

    [Fact]
    public void A_wrong_option_is_said_when_it_is_added()
    {
        var wrong = Assert.Throws<OptionsValidationException>(
            () => new ServiceCollection().AddSignalbox(options => options.Limits.MaxKeys = 0));

        Assert.Contains("Limits:MaxKeys", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task An_app_that_others_reach_does_not_start_unless_something_protects_it_or_it_is_wanted(bool isWanted, bool starts)
    {
        await using var app = new TestApp(
            builder => builder.Services.AddSignalbox(options => options.Insecure = isWanted), "http://0.0.0.0:0");

        var failure = await Record.ExceptionAsync(app.StartAsync);

        Assert.Equal(starts, failure is null);
        if (!starts) Assert.Contains("Security:Keys", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_does_not_protect_an_app_that_others_reach()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await using var app = new TestApp(builder =>
        {
            builder.Services.AddSignalbox();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 0, listen => listen.UseHttps(certificate)));
        });

        var failure = await Record.ExceptionAsync(app.StartAsync);

        Assert.Contains("https encrypts, it does not authenticate", failure?.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private sealed class EarlyService : IHostedService
    {
        public ISignalbox? Signalbox { get; set; }

        public long Receivers { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await using var news = await Signalbox!.SubscribeAsync("news", cancellationToken: cancellationToken); // It was given.
            Receivers = (await Signalbox.PublishAsync("news", "hello", cancellationToken: cancellationToken)).Receivers;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
