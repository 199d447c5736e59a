using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>A client of HTTP that knows bytes and nothing else: what it sends may be as wrong as it likes.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawHttp(int? receiveBufferBytes)
    {
        if (receiveBufferBytes is { } bytes) _socket.ReceiveBufferSize = bytes;
    }

    public static async Task<RawHttp> OpenAsync(IPEndPoint server, int? receiveBufferBytes)
    {
        var raw = new RawHttp(receiveBufferBytes);
        await raw._socket.ConnectAsync(server);
        return raw;
    }

    /// <param name="head">The lines of a request without <c>Host</c>.</param>
    public async Task SendAsync(string head, string body = "")
    {
        await SendRawAsync($"{head}\nHost: localhost\n\n".ReplaceLineEndings("\r\n") + body);
    }

    public async Task SendRawAsync(string text) => await _socket.SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Waits for this many bytes, and takes no more.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var bytes = new byte[count];
        using var patience = new Patience();
        for (var read = 0; read < count;)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(read), patience.Token);
            if (more == 0) throw new EndOfStreamException($"The server closed after {read} bytes.");
            read += more;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads until the server closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new Patience();
        using var reader = new StreamReader(new NetworkStream(_socket));
        return await reader.ReadToEndAsync(patience.Token);
    }

    /// <summary>Ends like a process that is killed: the server gets a reset.</summary>
    public void Kill()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
