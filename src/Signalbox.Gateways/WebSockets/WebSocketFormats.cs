namespace Signalbox.Gateways.WebSockets;

/// <summary>The kinds of messages that connections want: each is written once for all of its kind.</summary>
/// <remarks>A kind is made when first asked for: batches keep a place for each that there is.</remarks>
internal sealed class WebSocketFormats(WebSocketOptions options)
{
    // Not compressed, or for a window of each size.
    private const int KindsOfOpcode = 1 + DeflateAgreement.LargestWindow - DeflateAgreement.SmallestWindow + 1;

    private readonly WebSocketFormat?[] _formats = new WebSocketFormat?[2 * KindsOfOpcode];

    /// <param name="deflate">What was agreed about compression; null for none.</param>
    public WebSocketFormat Of(bool isBinary, DeflateAgreement? deflate)
    {
        var kind = deflate is null ? 0 : 1 + deflate.Window - DeflateAgreement.SmallestWindow;
        ref var format = ref _formats[(isBinary ? KindsOfOpcode : 0) + kind];
        return format ?? Make(ref format, isBinary, deflate);
    }

    private WebSocketFormat Make(ref WebSocketFormat? format, bool isBinary, DeflateAgreement? deflate)
    {
        var opcode = isBinary ? WebSocketOpcode.Binary : WebSocketOpcode.Text;
        var made = deflate is null ? new WebSocketFormat(opcode) : new WebSocketFormat(opcode, options.CompressFrom, deflate.Window);
        return Interlocked.CompareExchange(ref format, made, null) ?? made;
    }
}
