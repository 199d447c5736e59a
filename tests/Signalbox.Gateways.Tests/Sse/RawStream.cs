using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>A stream as bytes, chunks and comments included, whose reader may also stop reading.</summary>
internal sealed class RawStream : IDisposable
{
    // Far longer than anything takes: whoever waits this long waits in vain.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly StringBuilder _text = new();

    private RawStream(Socket socket) => _socket = socket;

    /// <param name="receiveBufferBytes">How much the kernel takes for us while we do not read; null for as much as it likes.</param>
    public static async Task<RawStream> OpenAsync(SseHost host, string path, int? receiveBufferBytes = null, string body = "")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes is { } bytes) socket.ReceiveBufferSize = bytes;
        await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        var length = body.Length == 0 ? "" : $"Content-Length: {body.Length}\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host.Address.Authority}\r\n{length}\r\n{body}"));
        return new RawStream(socket);
    }

    /// <summary>Reads up to the end of this text, and leaves what is behind it.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        int at;
        while ((at = _text.ToString().IndexOf(end, StringComparison.Ordinal)) < 0)
        {
            if (!await ReadAsync()) throw new EndOfStreamException($"The stream was closed before '{end}': {_text}");
        }

        var text = _text.ToString(0, at + end.Length);
        _text.Remove(0, text.Length);
        return text;
    }

    /// <summary>Reads all there is, up to the end of the connection in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadAsync())
        {
        }

        return _text.ToString();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[64 * 1024];
        try
        {
            var count = await _socket.ReceiveAsync(buffer, patience.Token);
            _text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            return count > 0;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Nothing came for {Patience.TotalSeconds} s behind: …{_text.ToString(Math.Max(0, _text.Length - 200), Math.Min(200, _text.Length))}");
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
