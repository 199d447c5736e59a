namespace Signalbox.Engine.Embedded.Log;

/// <summary>What a fact is to its machine when the log is read. Part of the format.</summary>
[Flags]
public enum EntryMark : byte
{
    None = 0,

    /// <summary>The machine begins anew with this fact: whatever was told of this name before does not count.</summary>
    Begins = 1,

    /// <summary>It is no news: a checkpoint tells here what the machine is made of.</summary>
    Told = 2,
}
