using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Signalbox.Cli.Tests;

/// <summary>In the place of a server: it greets whoever connects first, and answers one command with what it was
/// told.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    private const string Greeting = "\"connection\":\"1\",\"node\":\"n\",\"version\":\"1\",\"ping\":25000";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Dictionary<string, string> _answers;
    private readonly Task _answering;

    private StandIn(Dictionary<string, string> answers)
    {
        _answers = answers;
        _listener.Start();
        _answering = AnswerAllAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!; // It listens.

    /// <summary>Answers nothing but the greeting.</summary>
    public static StandIn Silent() => new(new() { ["hello"] = Greeting });

    /// <param name="fields">What the reply to the command has beside what all replies have.</param>
    public static StandIn Answering(string command, string fields) =>
        new(new() { ["hello"] = Greeting, [command] = fields });

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _answering;
        _over.Dispose();
    }

    private async Task AnswerAllAsync()
    {
        try
        {
            using var peer = await _listener.AcceptTcpClientAsync(_over.Token);
            var stream = peer.GetStream();
            while (true) await AnswerAsync(stream, await ReadAsync(stream));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone, or nobody waits for more.
        }
    }

    private async Task<JsonElement> ReadAsync(NetworkStream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, _over.Token);
        var command = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
        await stream.ReadExactlyAsync(command, _over.Token);
        return JsonDocument.Parse(command).RootElement;
    }

    private async Task AnswerAsync(NetworkStream stream, JsonElement command)
    {
        var name = command.GetProperty("command").GetString()!; // Every command has a name.
        if (!_answers.TryGetValue(name, out var fields)) return;

        var head = $"\"command\":\"{name}\",\"code\":0,\"message\":\"ok\",\"seq\":{command.GetProperty("seq").GetRawText()}";
        var reply = Encoding.UTF8.GetBytes($"{{{head},{fields}}}");
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, reply.Length + 4);
        await stream.WriteAsync((byte[])[.. length, .. reply], _over.Token);
    }
}
