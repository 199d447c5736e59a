namespace Signalbox.Core.Hashes;

/// <summary>What must hold for a set or delete to be done.</summary>
public readonly record struct SetCondition(SetConditionKind Kind, long Version)
{
    public static readonly SetCondition Always = new(SetConditionKind.Always, 0);
    public static readonly SetCondition Absent = new(SetConditionKind.Absent, 0);
    public static readonly SetCondition Present = new(SetConditionKind.Present, 0);

    /// <summary>Holds where this is the present version; 0 is that of an absent key.</summary>
    public static SetCondition AtVersion(long version) => new(SetConditionKind.AtVersion, version);
}
