using System.Net;

namespace Signalbox.Engine.Cluster.Tests.Forms;

/// <summary>The list of silos of a cluster, as tests write it.</summary>
internal sealed class SiloList : IMembershipTable
{
    private readonly List<Tuple<MembershipEntry, string>> _members = [];

    /// <summary>Called once, when the list is read for the second time.</summary>
    public Action BeforeSecondRead { get; set; } = static () => { };

    private int Reads { get; set; }

    public void Add(int port, string name, SiloStatus status, DateTime lastWord) => _members.Add(Tuple.Create(
        new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
            SiloName = name,
            Status = status,
            StartTime = lastWord,
            IAmAliveTime = lastWord,
        },
        ""));

    public Task<MembershipTableData> ReadAll()
    {
        if (++Reads == 2) BeforeSecondRead();
        return Task.FromResult(new MembershipTableData([.. _members], new TableVersion(0, "")));
    }

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

    public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        throw new NotSupportedException();

    public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
}
