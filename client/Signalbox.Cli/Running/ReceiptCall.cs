using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Signalbox.Client;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Framing;
using Signalbox.Protocol.Replies;

namespace Signalbox.Cli.Running;

/// <summary>
/// One command and its reply on a connection of their own. The client library keeps an item's receipt to itself, since
/// a worker settles what it holds; but here the process that settles an item is another than the one that took it.
/// </summary>
internal sealed class ReceiptCall(Run run)
{
    /// <param name="write">Writes the fields behind <c>command</c> and <c>seq</c>.</param>
    /// <param name="timeout">How long the reply may take; null for any time.</param>
    /// <exception cref="SignalboxException">The reply is an error.</exception>
    public async Task<JsonElement> SendAsync(string command, Action<ReplyWriter> write, TimeSpan? timeout)
    {
        var stream = await OpenAsync().ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(run.Ending);
            if (timeout is { } time) deadline.CancelAfter(time);
            try
            {
                await stream.WriteAsync(FrameOf(command, write), deadline.Token).ConfigureAwait(false);
                return ResultOf(await ReadFrameAsync(stream, deadline.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (!run.Ending.IsCancellationRequested)
            {
                throw new TimeoutException("The reply did not come in time: whether the command was done is unknown.");
            }
            catch (Exception e) when (e is IOException or InvalidDataException or JsonException)
            {
                throw run.Lost(e);
            }
        }
    }

    private async Task<Stream> OpenAsync()
    {
        var (host, port) = Servers.Parse(run.Options.Endpoints[0]);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(run.Ending);
        deadline.CancelAfter(run.Options.ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(host, port, deadline.Token).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (!run.Options.UseTls) return stream;

            var secure = new SslStream(stream);
            stream = secure;
            var authentication = new SslClientAuthenticationOptions { TargetHost = host };
            await secure.AuthenticateAsClientAsync(authentication, deadline.Token).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            if (e is SocketException or IOException or AuthenticationException) throw run.CannotConnect(e);
            if (e is OperationCanceledException && !run.Ending.IsCancellationRequested)
            {
                throw run.CannotConnect(new TimeoutException($"No connection within {run.Options.ConnectTimeout}."));
            }

            throw;
        }
    }

    private static byte[] FrameOf(string command, Action<ReplyWriter> write)
    {
        var buffer = new JsonBuffer();
        var writer = new ReplyWriter(buffer);
        var start = writer.BeginFrame();
        writer.BeginObject();
        writer.Property("command"u8);
        writer.Text(command);
        writer.Property("seq"u8);
        writer.Number(1);
        write(writer);
        writer.EndObject();
        writer.EndFrame(start);
        return buffer.WrittenSpan.ToArray();
    }

    private async Task<byte[]> ReadFrameAsync(Stream stream, CancellationToken cancellationToken)
    {
        var prefix = new byte[FrameCodec.PrefixSize];
        await stream.ReadExactlyAsync(prefix, cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length < FrameCodec.MinFrameBytes || length > run.Options.MaxReplyBytes)
        {
            throw new InvalidDataException("What answers there does not speak Signalbox.");
        }

        var body = new byte[length - FrameCodec.PrefixSize];
        await stream.ReadExactlyAsync(body, cancellationToken).ConfigureAwait(false);
        return body;
    }

    private static JsonElement ResultOf(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var reply = document.RootElement.Clone();
        if (reply.GetProperty("command").ValueEquals("error"u8))
        {
            throw new SignalboxException((ErrorCode)reply.GetProperty("code").GetInt32(), reply.GetProperty("message").GetString() ?? "");
        }

        return reply;
    }
}
