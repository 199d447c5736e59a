using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;

namespace Signalbox.Server.Tests.Recovery;

/// <summary>The framework's WebSocket and the command protocol: comes back by epoch and offset.</summary>
internal sealed class WebSocketFollower(int port, int seed) : Follower(port, seed)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private string? _epoch;

    public override async Task FollowAsync()
    {
        while (!IsDone)
        {
            using var socket = new ClientWebSocket();
            try
            {
                await ReadAsync(socket);
            }
            catch (Exception e) when (e is WebSocketException or IOException or SocketException)
            {
                // Cut.
            }
        }
    }

    private async Task ReadAsync(ClientWebSocket socket)
    {
        await socket.ConnectAsync(new Uri($"ws://{Cable.Endpoint}/ws"), CancellationToken.None);
        object subscribe = _epoch is null
            ? new { command = "subscribe", key = Channel, seq = 1 }
            : new { command = "subscribe", key = Channel, since = Seen, epoch = _epoch, seq = 1 };
        var command = JsonSerializer.SerializeToUtf8Bytes(subscribe);
        await socket.SendAsync(command, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (!IsDone && await ReadObjectAsync(socket) is { } heard) Take(heard);
    }

    private void Take(JsonElement heard)
    {
        if (heard.GetProperty("command").GetString() == "message")
        {
            Note(heard.GetProperty("offset").GetInt64(), heard.GetProperty("value").GetString());
        }
        else if (heard.TryGetProperty("seq", out _))
        {
            if (_epoch is not null) Assert.True(heard.GetProperty("recovered").GetBoolean());
            _epoch = heard.GetProperty("epoch").GetString();
            IsReady();
        }
    }

    /// <returns>Null where the server said goodbye: to one that is too slow it does.</returns>
    private async Task<JsonElement?> ReadObjectAsync(ClientWebSocket socket)
    {
        var length = 0;
        ValueWebSocketReceiveResult read;
        do
        {
            read = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            length += read.Count;
        }
        while (!read.EndOfMessage);
        if (read.MessageType == WebSocketMessageType.Close) return null;

        using var document = JsonDocument.Parse(_buffer.AsMemory(0, length));
        return document.RootElement.Clone();
    }
}
