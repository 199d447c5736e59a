namespace Signalbox.Core.Storage;

/// <summary>When remembered ids are forgotten: many at once, some time after the first of them has ended.</summary>
/// <remarks>
/// Each forgetting is a fact that is written down; one for each id would double what is written. No answer lasts longer
/// for it, since whoever looks an id up looks at its time.
/// </remarks>
internal static class Forgetting
{
    private const int PartOfWindow = 16;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>How long after its end the oldest id of a window may wait for others.</summary>
    public static TimeSpan DelayOf(TimeSpan window) =>
        window < Longest * PartOfWindow ? window / PartOfWindow : Longest;
}
