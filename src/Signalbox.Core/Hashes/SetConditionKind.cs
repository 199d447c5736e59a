namespace Signalbox.Core.Hashes;

public enum SetConditionKind : byte
{
    Always = 0,
    Absent = 1,
    Present = 2,
    AtVersion = 3,
}
