using Microsoft.Extensions.Hosting;
using Signalbox.Core.Mqtt;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Mqtt;

/// <summary>What all MQTT connections of a process share.</summary>
public sealed class MqttHost : IHostedService, IDisposable
{
    public MqttHost(SessionHost sessions, MqttOptions options)
    {
        Sessions = sessions;
        Options = options;
        Limits = options.ToLimits();
        Formats = new MqttFormats(sessions.Clock);
        Figures = new MqttFigures(sessions.Clock);
        FiguresFeed = new MqttFiguresFeed(this);
        Deadlines = new Deadlines(sessions.Clock);
        Shares = new MqttShares(this);
        Clients = new MqttClients(this);
    }

    public SessionHost Sessions { get; }

    public MqttOptions Options { get; }

    internal MqttLimits Limits { get; }

    internal MqttFormats Formats { get; }

    internal MqttFigures Figures { get; }

    internal MqttFiguresFeed FiguresFeed { get; }

    internal Deadlines Deadlines { get; }

    internal MqttShares Shares { get; }

    internal MqttClients Clients { get; }

    /// <summary>What goes on beside all connections: wills, and the ends of sessions.</summary>
    internal BackgroundWork Background { get; } = new();

    /// <summary>The sessions of the last process go on, before the ports are open.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Clients.ResumeAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        Deadlines.Dispose();
        FiguresFeed.Dispose();
    }
}
