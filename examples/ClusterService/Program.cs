using Signalbox.Cluster.Client;
using Signalbox.InProcess;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSignalboxClusterClient(builder.Configuration["Redis"] ?? "localhost:6379");
builder.Services.AddHostedService<OrderCounter>();
builder.Build().Run();

/// <summary>Counts what anybody publishes to orders/new, on any protocol and at any silo, and tells orders/seen.</summary>
internal sealed class OrderCounter(ISignalbox signalbox) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var orders = await signalbox.SubscribeAsync("orders/new", cancellationToken: stoppingToken);
        await foreach (var order in orders.WithCancellation(stoppingToken))
        {
            var count = await signalbox.IncrementAsync("orders/count", cancellationToken: stoppingToken);
            await signalbox.PublishAsync("orders/seen", $"{order.Text} is order {count}", cancellationToken: stoppingToken);
        }
    }
}
