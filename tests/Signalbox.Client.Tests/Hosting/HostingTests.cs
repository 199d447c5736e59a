using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.Hosting;

public sealed class HostingTests
{
    [Fact]
    public async Task The_client_connects_when_the_host_starts_and_is_disposed_of_with_the_container()
    {
        using var server = new FakeServer();
        FakePeer peer;
        await using (var provider = Build(options => options.Endpoints.Add(server.Endpoint)))
        {
            foreach (var hosted in provider.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
            peer = await server.GreetAsync();
            await provider.GetRequiredService<SignalboxClient>().ConnectAsync().Soon();
        }

        await peer.WaitForEndAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task Options_that_cannot_work_are_found_at_the_start()
    {
        await using var provider = Build(options => options.MaxFrameBytes = 1);

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }

    [Fact]
    public async Task The_check_is_healthy_while_the_server_answers()
    {
        using var server = new FakeServer();
        await using var provider = Build(options => options.Endpoints.Add(server.Endpoint));
        var connecting = provider.GetRequiredService<SignalboxClient>().ConnectAsync();
        using var peer = await server.GreetAsync();
        await connecting.Soon();

        var checking = CheckAsync(provider);
        await peer.ReplyAsync(await peer.ExpectAsync("ping"), "\"time\":0");

        Assert.Equal(HealthStatus.Healthy, (await checking.Soon()).Status);
    }

    [Fact]
    public async Task The_check_fails_while_there_is_no_connection_and_when_the_server_cannot()
    {
        using var server = new FakeServer();
        await using var provider = Build(options => options.Endpoints.Add(server.Endpoint));

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(provider).Soon()).Status);

        var connecting = provider.GetRequiredService<SignalboxClient>().ConnectAsync();
        using var peer = await server.GreetAsync();
        await connecting.Soon();
        var checking = CheckAsync(provider);
        await peer.FailAsync(await peer.ExpectAsync("ping"), 503);
        Assert.Equal(HealthStatus.Degraded, (await checking.Soon()).Status);
    }

    private static ServiceProvider Build(Action<SignalboxClientOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSignalboxClient(configure);
        services.AddHealthChecks().AddSignalboxClientCheck(failureStatus: HealthStatus.Degraded);
        return services.BuildServiceProvider();
    }

    private static async Task<HealthCheckResult> CheckAsync(ServiceProvider provider)
    {
        var registration = provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Single();
        return await registration.Factory(provider).CheckHealthAsync(new HealthCheckContext { Registration = registration });
    }
}
