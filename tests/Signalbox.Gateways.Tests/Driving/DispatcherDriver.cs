using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>
/// A client of the dispatcher's port that knows bytes and frames and nothing else: what it sends may be as wrong as it
/// likes, and what it gets is not helped along by code of ours.
/// </summary>
internal sealed class DispatcherDriver : ITalker, IAsyncDisposable
{
    private readonly string _name;
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly BufferedStream _input;

    private DispatcherDriver(string name, Socket socket, Stream stream)
    {
        _name = name;
        _socket = socket;
        _stream = stream;
        _input = new BufferedStream(stream, 16 * 1024);
        Peer = socket.LocalEndPoint!.ToString()!; // It is connected.
    }

    /// <summary>How the server calls it.</summary>
    public string Peer { get; }

    public static async Task<DispatcherDriver> ConnectAsync(
        IPEndPoint server, string name, int? receiveBufferBytes = null, SslClientAuthenticationOptions? tls = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes is { } bytes) socket.ReceiveBufferSize = bytes;
        await socket.ConnectAsync(server);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (tls is not null)
        {
            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(tls);
            stream = secured;
        }

        return new DispatcherDriver(name, socket, stream);
    }

    /// <summary>A body as a frame.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> body)
    {
        var frame = new byte[sizeof(uint) + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)frame.Length);
        body.CopyTo(frame.AsSpan(sizeof(uint)));
        return frame;
    }

    public static byte[] Frames(params IEnumerable<string> bodies) =>
        [.. bodies.SelectMany(body => Frame(Encoding.UTF8.GetBytes(body)))];

    /// <summary>Sends these objects with one write.</summary>
    public Task SendAsync(params string[] bodies) => SendRawAsync(Frames(bodies));

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Waits for the next whole frame.</summary>
    /// <param name="phase">What is waited for, for the message of a test that fails.</param>
    public async Task<string> ReadAsync(string phase) =>
        await TryReadAsync(phase) ?? throw new EndOfStreamException($"{_name} was closed while it waited for {phase}.");

    /// <summary>Sends an object and waits for the next frame.</summary>
    public async Task<string> AskAsync(string body)
    {
        await SendAsync(body);
        return await ReadAsync($"the answer to {Shortened(body)}");
    }

    /// <summary>Waits until all that was sent before is done, and skips what came meanwhile.</summary>
    public async Task<List<string>> SyncAsync(string phase)
    {
        var skipped = new List<string>();
        await SendAsync("""{"command":"ping","seq":"sync"}""");
        while (await ReadAsync(phase) is var frame && !frame.Contains("\"seq\":\"sync\"", StringComparison.Ordinal)) skipped.Add(frame);
        return skipped;
    }

    /// <summary>Waits for the end of the connection, in whatever way; nothing may come before.</summary>
    public async Task ReadEndAsync(string phase)
    {
        if (await TryReadAsync(phase) is { } frame) throw new InvalidDataException($"{_name} got {frame} and not {phase}.");
    }

    /// <summary>Waits for the end, where the server's clock stands still and so does not close a peer that stays: what is
    /// said from here on is not answered.</summary>
    public async Task ReadEndOfDeafAsync(string phase)
    {
        await SendAsync("""{"command":"ping","seq":"too late"}""");
        EndSending();
        await ReadEndAsync(phase);
    }

    /// <summary>Ends like a process that is killed with bytes unread: the server gets a reset.</summary>
    public void Kill()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>Ends in good order.</summary>
    public void Close() => _socket.Dispose();

    /// <summary>Says that it will send no more, and may still read.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync();
        }
        catch (IOException)
        {
            // TLS says goodbye, and the server may have gone before.
        }
    }

    /// <returns>The next frame, or null where the connection is over.</returns>
    public async Task<string?> TryReadAsync(string phase)
    {
        using var patience = new Patience();
        var prefix = new byte[sizeof(uint)];
        try
        {
            var read = await _input.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, patience.Token);
            if (read == 0) return null;
            if (read < prefix.Length) throw new InvalidDataException($"{_name} got {read} bytes of a length, then the end.");

            var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix) - prefix.Length];
            await _input.ReadExactlyAsync(body, patience.Token);
            return Encoding.UTF8.GetString(body);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} waited {Patience.Seconds} s for {phase}.");
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            return null;
        }
    }

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "…";
}

/// <summary>Looks into frames.</summary>
internal static class FrameText
{
    /// <summary>One field of an object as text, or as JSON where it is no string; empty where there is none.</summary>
    public static string Field(this string frame, string name)
    {
        using var document = JsonDocument.Parse(frame);
        return document.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
    }
}
