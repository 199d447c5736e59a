using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signalbox.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the client into a host.</summary>
public static class SignalboxServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="SignalboxClient"/> for the process. It connects when the host starts, or at its first use;
    /// options that cannot work stop the host at its start.
    /// </summary>
    public static IServiceCollection AddSignalboxClient(
        this IServiceCollection services, Action<SignalboxClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SignalboxClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SignalboxClientOptions>, SignalboxClientOptionsValidator>());
        services.TryAddSingleton(static provider => new SignalboxClient(
            provider.GetRequiredService<IOptions<SignalboxClientOptions>>().Value,
            provider.GetService<ILogger<SignalboxClient>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SignalboxHostedService>());
        return services;
    }

    /// <summary>Adds the check that the client is connected and its server answers.</summary>
    public static IHealthChecksBuilder AddSignalboxClientCheck(
        this IHealthChecksBuilder builder,
        string name = "signalbox",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            static provider => new SignalboxHealthCheck(provider.GetRequiredService<SignalboxClient>()),
            failureStatus,
            tags));
    }
}
