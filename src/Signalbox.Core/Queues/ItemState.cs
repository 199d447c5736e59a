namespace Signalbox.Core.Queues;

/// <summary>What an item of either part does at the moment.</summary>
/// <remarks>The numbers are part of the binary form: they are only ever added to.</remarks>
public enum ItemState : byte
{
    /// <summary>It can be taken.</summary>
    Ready = 0,

    /// <summary>It waits until its delay is over.</summary>
    Delayed = 1,

    /// <summary>Somebody holds it.</summary>
    Leased = 2,
}
