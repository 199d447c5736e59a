namespace Signalbox.Engine.Deliveries;

/// <summary>Why a user's connections are cut.</summary>
public enum CutReason : byte
{
    /// <summary>They may come back at once.</summary>
    Disconnected = 0,

    /// <summary>They may come back with a newer token only.</summary>
    Revoked = 1,
}
