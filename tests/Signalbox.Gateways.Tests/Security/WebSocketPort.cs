using System.Net.WebSockets;
using System.Text;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>A WebSocket, whose token goes with its first request: in the address, as a browser's has to.</summary>
internal sealed class WebSocketPort(HttpHost host) : IPermissionPort
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<string> AskAsync(string? token, string body)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            var query = token is null ? "" : $"?token={token}";
            await socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/ws{query}"), patience.Token);
        }
        catch (WebSocketException)
        {
            return $"{(int)socket.HttpStatusCode}";
        }

        var command = Encoding.UTF8.GetBytes(body[..^1] + ",\"seq\":2}");
        await socket.SendAsync(command, WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        var answer = new byte[16 * 1024];
        var read = await socket.ReceiveAsync(answer, patience.Token);
        return Encoding.UTF8.GetString(answer, 0, read.Count).Field("code");
    }
}
