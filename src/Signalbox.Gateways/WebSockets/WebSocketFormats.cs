namespace Signalbox.Gateways.WebSockets;

/// <summary>The kinds of messages that connections want: each is written once for all of its kind.</summary>
internal sealed class WebSocketFormats(WebSocketOptions options)
{
    private readonly WebSocketFormat[] _formats =
    [
        new(WebSocketOpcode.Text, null), new(WebSocketOpcode.Text, options.CompressFrom),
        new(WebSocketOpcode.Binary, null), new(WebSocketOpcode.Binary, options.CompressFrom),
    ];

    public WebSocketFormat Of(bool isBinary, bool isCompressed) => _formats[(isBinary ? 2 : 0) + (isCompressed ? 1 : 0)];
}
