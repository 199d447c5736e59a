using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signalbox.Gateways.WebSockets;

/// <summary>The opening of a WebSocket, by HTTP/1.1 (RFC 6455, section 4) or HTTP/2 (RFC 8441).</summary>
internal static class WebSocketHandshake
{
    private const string Version = "13";
    private const string Salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;

    /// <returns>What is wrong, and what would be right; null where it may go on.</returns>
    public static string? Check(HttpContext context)
    {
        var request = context.Request;
        if (IsOverHttp2(context)) return HasVersion(request) ? null : "Speak version 13 of WebSocket.";

        // HTTP/1.0 has no upgrade, and what is in its header is to be passed over: RFC 9110, section 7.8.
        var isUpgrade = HttpProtocol.IsHttp11(request.Protocol)
            && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && HttpMethods.IsGet(request.Method)
            && string.Equals(request.Headers.Upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase);
        if (!isUpgrade) return "This is a WebSocket: ask for an upgrade to it, by HTTP/1.1.";
        if (!HasVersion(request)) return "Speak version 13 of WebSocket.";
        return IsKey(request.Headers.SecWebSocketKey.ToString()) ? null : "Sec-WebSocket-Key must be 16 bytes in base64.";
    }

    /// <summary>Whether it came by HTTP/2, which has a stream in the place of a connection.</summary>
    public static bool IsOverHttp2(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };

    /// <summary>Says yes. What is read and written from here on are frames.</summary>
    public static async ValueTask<Stream> AcceptAsync(HttpContext context, DeflateAgreement? deflate)
    {
        var headers = context.Response.Headers;
        if (deflate is not null) headers.SecWebSocketExtensions = deflate.Answer;
        if (IsOverHttp2(context))
        {
            return await context.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync();
        }

        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 wants SHA-1; it protects nothing here.")]
    private static string AnswerTo(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Salt)));

    private static bool HasVersion(HttpRequest request) => request.Headers.SecWebSocketVersion == Version;

    private static bool IsKey(string text)
    {
        Span<byte> key = stackalloc byte[KeyBytes + 2];
        return text.Length == 24 && Convert.TryFromBase64String(text, key, out var length) && length == KeyBytes;
    }
}
