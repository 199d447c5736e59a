using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Signalbox.Conformance.Subjects;

namespace Signalbox.WebSockets.Conformance.Tests;

/// <summary>Commands and their replies on one WebSocket, by the framework's client; what else comes goes into a line.</summary>
internal sealed class WebSocketTalk : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<byte[]> _outbox = Channel.CreateUnbounded<byte[]>();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly string _name;
    private Task _work = Task.CompletedTask;
    private long _seq;

    private WebSocketTalk(string name)
    {
        _name = name;
        Line = new ReceivedLine(name);
    }

    public ReceivedLine Line { get; }

    /// <summary>What the server calls this connection.</summary>
    public string Id { get; private set; } = "";

    public static async Task<WebSocketTalk> ConnectAsync(Uri uri, string name)
    {
        var talk = new WebSocketTalk(name);
        talk._socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await talk._socket.ConnectAsync(uri, CancellationToken.None);
        talk._work = Task.WhenAll(talk.SendAllAsync(), talk.ReceiveAllAsync());
        var hello = await talk.AskAsync("hello", ("name", name));
        talk.Id = hello.GetProperty("connection").GetString()!; // It is a text.
        return talk;
    }

    /// <summary>Sends a command, in the order of the calls, and waits for its reply. A field that is null is left out.</summary>
    public Task<JsonElement> AskAsync(string command, params (string Name, object? Value)[] fields)
    {
        var seq = Interlocked.Increment(ref _seq);
        var reply = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[seq] = reply;
        if (!_outbox.Writer.TryWrite(Encode(command, seq, fields))) reply.TrySetCanceled();
        return reply.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _outbox.Writer.TryComplete();
        await _work;
        foreach (var reply in _asked.Values) reply.TrySetCanceled();
        _socket.Dispose();
    }

    private static byte[] Encode(string command, long seq, (string Name, object? Value)[] fields)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("command", command);
            writer.WriteNumber("seq", seq);
            foreach (var (name, value) in fields)
            {
                if (value is null) continue;
                writer.WritePropertyName(name);
                if (value is TimeSpan time) writer.WriteNumberValue((long)time.TotalMilliseconds);
                else if (value is PlainValue plain) plain.Write(writer);
                else JsonSerializer.Serialize(writer, value, value.GetType());
            }

            writer.WriteEndObject();
        }

        return body.ToArray();
    }

    private async Task SendAllAsync()
    {
        await foreach (var body in _outbox.Reader.ReadAllAsync())
        {
            await _socket.SendAsync(body, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }

        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private async Task ReceiveAllAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        while (await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } part)
        {
            message.Write(buffer.AsSpan(0, part.Count));
            if (!part.EndOfMessage) continue;

            Take(JsonElement.Parse(message.GetBuffer().AsSpan(0, (int)message.Length)));
            message.SetLength(0);
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("seq", out var seq))
        {
            _asked.TryRemove(seq.GetInt64(), out var reply);
            reply!.SetResult(message); // It was asked.
            return;
        }

        var command = message.GetProperty("command").GetString();
        var channel = message.TryGetProperty("key", out var key) ? key.GetString()! : ""; // It is a text.
        switch (command)
        {
            case "message":
                var kind = message.TryGetProperty("retained", out _) ? ReceivedKind.Retained : ReceivedKind.Message;
                Line.Add(new Received(kind, channel, PlainValue.Of(message), message.GetProperty("offset").GetInt64()));
                break;

            case "broadcast":
                Line.Add(new Received(ReceivedKind.Broadcast, "", PlainValue.Of(message), 0));
                break;

            case "join" or "leave":
                var member = message.GetProperty("member").TryGetProperty("name", out var name) ? name.GetString()! : "";
                Line.Add(new Received(command == "join" ? ReceivedKind.Joined : ReceivedKind.Left, channel, member, 0));
                break;

            default:
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"'{_name}' got {message}"));
        }
    }
}
