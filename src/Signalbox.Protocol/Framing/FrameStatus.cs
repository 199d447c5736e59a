namespace Signalbox.Protocol.Framing;

/// <summary>What the front of a byte stream holds. All but the first two end the connection.</summary>
public enum FrameStatus : byte
{
    Complete,
    NeedMoreData,

    /// <summary>The announced length leaves no room for a body, so where the next frame begins is unknown.</summary>
    TooShort,

    /// <summary>The announced length is above the limit.</summary>
    TooLarge,
}
