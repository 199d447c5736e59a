using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Hooks;

/// <summary>A backend that answers what a test tells it to, and remembers what it was asked.</summary>
internal sealed class HookServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Channel<Question> _asked = Channel.CreateUnbounded<Question>();

    private HookServer(Func<Question, Task<(int Status, string Body)>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var question = new Question(await reader.ReadToEndAsync(), context.Request.Headers["Signalbox-Signature"].ToString());
            _asked.Writer.TryWrite(question);
            var (status, body) = await answer(question);
            context.Response.StatusCode = status;
            if (status != StatusCodes.Status204NoContent) await context.Response.WriteAsync(body);
        });
    }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hook"; // Kestrel has it.

    public static Task<HookServer> StartAsync(string answer, int status = 200) => StartAsync(_ => Task.FromResult((status, answer)));

    public static async Task<HookServer> StartAsync(Func<Question, Task<(int Status, string Body)>> answer)
    {
        var server = new HookServer(answer);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Waits for the next question.</summary>
    public async Task<Question> AskedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _asked.Reader.ReadAsync(patience.Token);
    }

    public bool WasAsked => _asked.Reader.Count > 0;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What a backend was asked, and how it was signed.</summary>
internal sealed record Question(string Body, string Signature)
{
    public string Field(string name) => Body.Field(name);
}
