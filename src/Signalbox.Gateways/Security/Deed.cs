namespace Signalbox.Gateways.Security;

/// <summary>What may be granted on names. What concerns everything at once is for admins, and not in this list.</summary>
public enum Deed : byte
{
    Publish,

    /// <summary>To get a channel's messages, be it as they come or from the history.</summary>
    Subscribe,

    /// <summary>To see who is in a channel.</summary>
    Presence,
    Push,

    /// <summary>To take items, and to acknowledge, return and extend what was taken.</summary>
    Pop,

    /// <summary>To look at items and count them.</summary>
    Peek,
    DeleteQueue,

    /// <summary>To get a key's value, be it by asking or by watching.</summary>
    ReadKey,
    WriteKey,
    SendToUser,

    /// <summary>To see where a user is.</summary>
    ReadUser,
}
