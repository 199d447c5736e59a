using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Signalbox.Engine.Cluster.Journals;

namespace Signalbox.Engine.Cluster.Tests.Forms;

/// <summary>What silos have stored is read by those that come after them, whatever form they are of.</summary>
public sealed class StoredPageTests
{
    // As silos of form 2 wrote it.
    private const string Stored = "200815054107010203E0";

    [Fact]
    public void A_page_of_an_older_silo_is_read_and_written_as_it_was()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        var page = serializer.Deserialize<Page>(Convert.FromHexString(Stored))!; // Not null, as it is no null.

        Assert.Equal(PageKind.SnapshotEnd, page.Kind);
        Assert.Equal([1, 2, 3], page.Facts.ToArray());
        Assert.Equal(Stored, Convert.ToHexString(serializer.SerializeToArray(page)));
    }
}
