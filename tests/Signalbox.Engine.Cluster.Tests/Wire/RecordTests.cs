using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Signalbox.Engine.Cluster.Forms;
using Signalbox.Engine.Cluster.Journals;

namespace Signalbox.Engine.Cluster.Tests.Wire;

/// <summary>What two releases of one form read of each other's records.</summary>
public sealed class RecordTests
{
    private readonly Serializer _serializer =
        new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void A_field_that_a_later_release_has_added_at_the_end_is_passed_over()
    {
        var later = _serializer.SerializeToArray(new LaterHead { First = 7, More = "more", Silo = [1, 2, 3] });

        Assert.Equal(7, _serializer.Deserialize<JournalHead>(later)?.First);
    }

    [Fact]
    public void A_field_that_an_earlier_release_did_not_have_is_what_it_is_without_it()
    {
        var earlier = _serializer.SerializeToArray(new EarlierLayout { Parts = 32 });

        var layout = _serializer.Deserialize<StoredLayout>(earlier);

        Assert.Equal((32, ClusterForm.First), (layout?.Parts, layout?.Form));
    }

    [Fact]
    public void A_record_that_is_not_known_is_refused()
    {
        var later = _serializer.SerializeToArray<object>(new LaterHead());
        var name = "signalbox.later-head"u8;
        "signalbox.never-seen"u8.CopyTo(later.AsSpan(later.AsSpan().IndexOf(name), name.Length));

        Assert.ThrowsAny<SerializerException>(() => _serializer.Deserialize<object>(later));
    }

    /// <summary>A <see cref="JournalHead"/> of a release that is still to come.</summary>
    [GenerateSerializer]
    [Alias("signalbox.later-head")]
    internal sealed class LaterHead
    {
        [Id(0)]
        public long First { get; set; }

        [Id(1)]
        public string? More { get; set; }

        [Id(2)]
        public byte[] Silo { get; set; } = [];
    }

    /// <summary>A <see cref="StoredLayout"/> as it was stored before forms were counted.</summary>
    [GenerateSerializer]
    [Alias("signalbox.earlier-layout")]
    internal sealed class EarlierLayout
    {
        [Id(0)]
        public int Parts { get; set; }
    }
}
