using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Metrics;
using Signalbox.Transport;

namespace Signalbox.Gateways.Connections;

/// <summary>Says at the start how many connections there may be, and to whoever asks how many there are.</summary>
public sealed partial class ConnectionRoom : IHostedService
{
    private readonly FileBudget _budget;
    private readonly int _wanted;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<ConnectionRoom> _logger;

    public ConnectionRoom(
        FileBudget budget,
        ConnectionQuota quota,
        GatewayOptions options,
        IMeterFactory meters,
        IHostApplicationLifetime lifetime,
        ILogger<ConnectionRoom> logger)
    {
        _budget = budget;
        _lifetime = lifetime;
        _wanted = options.MaxConnections;
        _logger = logger;
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableUpDownCounter(
            "signalbox.connections.accepted", () => quota.Count, "{connection}", "Connections that were let in, of every port.");
        meter.CreateObservableGauge(
            "signalbox.connections.limit", () => quota.Most, "{connection}", "Connections that are let in at one time.");
        meter.CreateObservableCounter(
            "signalbox.connections.refused", () => quota.Refused, "{connection}", "Connections for which there was no place.");
    }

    /// <summary>Has connections counted, on all ports together.</summary>
    /// <param name="fileLimit">How many files the process may have open; null where nobody knows.</param>
    /// <param name="others">How many of those may be wanted for connections to others.</param>
    public static void Add(IServiceCollection services, GatewayOptions options, int? fileLimit, int others)
    {
        services.AddSingleton(_ => FileBudget.Of(fileLimit, FileLimit.InUse(), others, options.MaxConnections));
        services.AddSingleton(provider =>
        {
            var budget = provider.GetRequiredService<FileBudget>();
            var logger = provider.GetRequiredService<ILogger<ConnectionQuota>>();
            return new ConnectionQuota(budget.Most, budget.Refusals, logger, provider.GetRequiredService<TimeProvider>());
        });
        services.AddHostedService<ConnectionRoom>();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A start that fails says why, and nothing else.
        _lifetime.ApplicationStarted.Register(Say);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Say()
    {
        if (_budget.Limit is { } limit) LogRoom(_budget.Most, limit, _budget.Kept);
        if (_budget.Most < _wanted) LogLess(_wanted, _budget.Most);
    }

    [LoggerMessage(
        2504, LogLevel.Information,
        "Up to {Most} connections at one time: {Limit} files may be open, and {Kept} of them are kept for all the rest")]
    private partial void LogRoom(int most, int limit, int kept);

    [LoggerMessage(
        2505, LogLevel.Warning, "MaxConnections is {Wanted}, and there are files for {Most}: raise the limit of open files")]
    private partial void LogLess(int wanted, int most);
}
