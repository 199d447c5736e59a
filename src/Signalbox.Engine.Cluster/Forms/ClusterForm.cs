using System.Globalization;

namespace Signalbox.Engine.Cluster.Forms;

/// <summary>The form of all that processes of a cluster say to each other and have in storage, as one number.</summary>
/// <remarks>
/// Releases of one form understand each other; those of different forms refuse each other (docs/decisions/0015). The
/// number is raised with a change that the release before would not understand: a call or a record that is gone or
/// has other fields, save those that were added at the end.
/// </remarks>
internal static class ClusterForm
{
    public const int Number = 3;

    /// <summary>Of whoever says nothing of forms.</summary>
    public const int First = 1;

    private const string Mark = " form ";

    /// <summary>A silo tells its form in its name: that is in the list of silos, which all releases can read, before
    /// the silo is asked anything.</summary>
    public static string AddTo(string? siloName, int form) =>
        string.Create(CultureInfo.InvariantCulture, $"{siloName ?? "silo"}{Mark}{form}");

    public static int Of(string? siloName)
    {
        var at = siloName?.LastIndexOf(Mark, StringComparison.Ordinal) ?? -1;
        var isTold = int.TryParse(
            at < 0 ? "" : siloName.AsSpan(at + Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var form);
        return isTold ? form : First;
    }
}
