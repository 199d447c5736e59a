using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>
/// A WebSocket client that knows bytes and frames and nothing else: what it sends may be as wrong as it likes, and what
/// it gets is not helped along by code of ours or the framework's.
/// </summary>
internal sealed class WebSocketDriver : ITalker, IAsyncDisposable
{
    public const byte Text = 0x81;
    public const byte Binary = 0x82;
    public const byte Close = 0x88;
    public const byte Ping = 0x89;
    public const byte Pong = 0x8A;

    private readonly string _name;
    private readonly Socket _socket;
    private readonly BufferedStream _input;

    private WebSocketDriver(string name, Socket socket)
    {
        _name = name;
        _socket = socket;
        _input = new BufferedStream(new NetworkStream(socket, ownsSocket: true), 16 * 1024);
        Peer = socket.LocalEndPoint!.ToString()!; // It is connected.
    }

    public string Peer { get; }

    /// <summary>How many TCP segments with data have come: on the loopback one for each call that sent some. Linux only.</summary>
    public int SegmentsReceived
    {
        get
        {
            const int tcp = 6, tcpInfo = 11, dataSegmentsIn = 152;
            var info = new byte[256];
            _socket.GetRawSocketOption(tcp, tcpInfo, info);
            return BitConverter.ToInt32(info, dataSegmentsIn);
        }
    }

    public static async Task<WebSocketDriver> OpenAsync(IPEndPoint server, string name, int? receiveBufferBytes)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes is { } bytes) socket.ReceiveBufferSize = bytes;
        await socket.ConnectAsync(server);
        return new WebSocketDriver(name, socket);
    }

    /// <summary>A request to become a WebSocket.</summary>
    public static string Request(params string[] headers) =>
        string.Join("\r\n", [
            "GET /ws HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", .. headers, "", ""]);

    /// <summary>A client's frame.</summary>
    /// <param name="first">The first byte: FIN, RSV and opcode.</param>
    public static byte[] Frame(byte first, ReadOnlySpan<byte> payload, uint mask = 0x5A0F_C396)
    {
        var length = payload.Length;
        var header = new byte[2 + (length < 126 ? 0 : length <= ushort.MaxValue ? 2 : 8) + 4];
        header[0] = first;
        header[1] = (byte)(0x80 | (length < 126 ? length : length <= ushort.MaxValue ? 126 : 127));
        if (header[1] == 0xFE) BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)length);
        if (header[1] == 0xFF) BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(2), (ulong)length);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(header.Length - 4), mask);
        byte[] frame = [.. header, .. payload];
        for (var i = 0; i < length; i++) frame[header.Length + i] ^= header[header.Length - 4 + (i % 4)];
        return frame;
    }

    public static byte[] Frame(string body) => Frame(Text, Encoding.UTF8.GetBytes(body));

    /// <summary>Asks for a WebSocket, and checks that it is one.</summary>
    public async Task ShakeHandsAsync(params string[] headers)
    {
        await SendRawAsync(Encoding.ASCII.GetBytes(Request(headers)));
        var answer = await ReadHeadAsync("the answer to the handshake");
        if (!answer.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)) throw new InvalidDataException($"{_name} was answered: {answer}");
    }

    /// <summary>The head of an answer of HTTP.</summary>
    public async Task<string> ReadHeadAsync(string phase)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await ReadExactlyAsync(1, phase))[0]);
        return head.ToString();
    }

    public Task SendAsync(params string[] bodies) => SendRawAsync(bodies.SelectMany(Frame).ToArray());

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    /// <summary>Waits for the next frame, whatever it is.</summary>
    public async Task<(byte First, byte[] Payload)> ReadFrameAsync(string phase)
    {
        var header = await ReadExactlyAsync(2, phase);
        var length = header[1] switch
        {
            < 126 and var shortLength => shortLength,
            126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadExactlyAsync(2, phase)),
            127 => (long)BinaryPrimitives.ReadUInt64BigEndian(await ReadExactlyAsync(8, phase)),
            _ => throw new InvalidDataException($"{_name} got a frame under a mask."),
        };
        return (header[0], await ReadExactlyAsync((int)length, phase));
    }

    /// <summary>Waits for the next object, and answers pings meanwhile, as every client does.</summary>
    public async Task<string> ReadAsync(string phase)
    {
        byte first;
        byte[] payload;
        while (((first, payload) = await ReadFrameAsync(phase)) is (Ping, _)) await SendRawAsync(Frame(Pong, payload));
        if (first != Text) throw new InvalidDataException($"{_name} got a frame {first:X2} and not {phase}: {Encoding.UTF8.GetString(payload)}");
        return Encoding.UTF8.GetString(payload);
    }

    /// <summary>Waits for a close frame, and for the end of the connection behind it; nothing else may come.</summary>
    /// <returns>Its code, 0 for none, and the reason.</returns>
    public async Task<(int Code, string Reason)> ReadCloseAsync(string phase)
    {
        var (first, payload) = await ReadFrameAsync(phase);
        if (first != Close) throw new InvalidDataException($"{_name} got a frame {first:X2} and not {phase}: {Encoding.UTF8.GetString(payload)}");
        await ReadEndAsync($"the end behind {phase}");
        return payload.Length == 0 ? (0, "") : (BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload.AsSpan(2)));
    }

    /// <summary>Waits for the end of the connection, in whatever way; nothing may come before.</summary>
    public async Task ReadEndAsync(string phase)
    {
        var rest = new byte[1];
        try
        {
            using var patience = new Patience();
            if (await _input.ReadAsync(rest, patience.Token) > 0) throw new InvalidDataException($"{_name} got more and not {phase}.");
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            // A reset is an end too.
        }
    }

    /// <summary>Sends an object and waits for the next one.</summary>
    public async Task<string> AskAsync(string body)
    {
        await SendAsync(body);
        return await ReadAsync($"the answer to {body}");
    }

    public async Task<List<string>> SyncAsync(string phase)
    {
        var skipped = new List<string>();
        await SendAsync("""{"command":"ping","seq":"sync"}""");
        while (await ReadAsync(phase) is var frame && !frame.Contains("\"seq\":\"sync\"", StringComparison.Ordinal)) skipped.Add(frame);
        return skipped;
    }

    /// <summary>Ends like a process that is killed: the server gets a reset.</summary>
    public void Kill()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    void ITalker.Close() => _socket.Dispose();

    public ValueTask DisposeAsync() => _input.DisposeAsync();

    private async Task<byte[]> ReadExactlyAsync(int count, string phase)
    {
        using var patience = new Patience();
        var bytes = new byte[count];
        try
        {
            await _input.ReadExactlyAsync(bytes, patience.Token);
            return bytes;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} waited {Patience.Seconds} s for {phase}.");
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            throw new EndOfStreamException($"{_name} was closed while it waited for {phase}.", e);
        }
    }
}
