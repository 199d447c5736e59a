using Signalbox.Hosting;
using Signalbox.InProcess;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSignalbox(builder.Configuration.GetSection("Signalbox"));

var app = builder.Build();
app.MapGroup("/signalbox").MapSignalbox();
app.MapPost("/orders/{id}", async (string id, ISignalbox signalbox) =>
{
    await signalbox.PushAsync("orders", id);
    var heard = await signalbox.PublishAsync("orders/new", id);
    return $"Order {id} is queued, and {heard.Receivers} heard of it.\n";
});
app.Run();
