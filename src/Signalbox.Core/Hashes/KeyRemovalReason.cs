namespace Signalbox.Core.Hashes;

public enum KeyRemovalReason : byte
{
    Deleted = 0,
    Expired = 1,
}
