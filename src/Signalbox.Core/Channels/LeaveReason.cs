namespace Signalbox.Core.Channels;

public enum LeaveReason : byte
{
    Left = 0,
    Expired = 1,
}
