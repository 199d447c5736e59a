namespace Signalbox.Gateways.Outbound;

/// <summary>Something that changes hands with a reply: it is the peer's when that is written, and ours until then.</summary>
internal interface IHandOver
{
    /// <summary>The reply went to the transport while the connection was alive.</summary>
    void Written();

    /// <summary>The connection ended first.</summary>
    void Lost();
}
