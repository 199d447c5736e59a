using System.Net.Security;
using System.Net.Sockets;

namespace Signalbox.Client;

/// <summary>Opens the byte stream to a server: TCP, and TLS over it where the options say so.</summary>
internal static class Transport
{
    public static async Task<Stream> OpenAsync(
        Endpoint endpoint, SignalboxClientOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.UseTls) stream = await SecureAsync(stream, endpoint, options, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw;
        }
    }

    private static async Task<SslStream> SecureAsync(
        Stream inner, Endpoint endpoint, SignalboxClientOptions options, CancellationToken cancellationToken)
    {
        var secure = new SslStream(inner);
        var authentication = new SslClientAuthenticationOptions
        {
            TargetHost = options.TargetHost ?? endpoint.Host,
            RemoteCertificateValidationCallback = options.RemoteCertificateValidation,
        };
        await secure.AuthenticateAsClientAsync(authentication, cancellationToken).ConfigureAwait(false);
        return secure;
    }
}
