using Orleans.Configuration;

namespace Signalbox.Engine.Cluster.Forms;

/// <summary>The silos that are running and speak another form than this process.</summary>
internal sealed record Strangers(int Form, string Addresses)
{
    /// <summary>Finds them in the list of silos.</summary>
    /// <returns>Null where there are none.</returns>
    public static Strangers? Find(
        IEnumerable<MembershipEntry> members, int ownForm, DateTimeOffset now, ClusterMembershipOptions options)
    {
        // As Orleans itself does: who has said nothing for so long was killed together with all who could have noticed.
        var silence = options.IAmAliveTablePublishTimeout * options.NumMissedTableIAmAliveLimit;
        var others = members
            .Where(member => member.Status is not (SiloStatus.Dead or SiloStatus.Created or SiloStatus.None))
            .Where(member => now.UtcDateTime - LastWord(member) < silence)
            .GroupBy(member => ClusterForm.Of(member.SiloName), member => member.SiloAddress.Endpoint.ToString())
            .Where(silos => silos.Key != ownForm)
            .MaxBy(silos => silos.Key);
        return others is null ? null : new Strangers(others.Key, string.Join(", ", others.Order(StringComparer.Ordinal)));
    }

    private static DateTime LastWord(MembershipEntry member) =>
        member.IAmAliveTime > member.StartTime ? member.IAmAliveTime : member.StartTime;
}
