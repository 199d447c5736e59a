using System.Runtime;
using Signalbox.Engine.Embedded;

namespace Signalbox.Engine.Tests;

/// <remarks>What other tests allocate beside it would end it.</remarks>
[Collection(nameof(WithoutCollectionsTests))]
[CollectionDefinition(nameof(WithoutCollectionsTests), DisableParallelization = true)]
public sealed class WithoutCollectionsTests
{
    [Fact]
    public void Collections_come_back_when_a_large_log_has_been_read()
    {
        GCLatencyMode during;

        using (new WithoutCollections(64 * 1024 * 1024)) during = GCSettings.LatencyMode;

        Assert.Equal(GCLatencyMode.NoGCRegion, during);
        Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void A_small_log_changes_nothing(long logBytes)
    {
        using var region = new WithoutCollections(logBytes);

        Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
    }

    [Fact]
    public void A_log_beyond_all_memory_is_read_all_the_same()
    {
        using var region = new WithoutCollections(long.MaxValue / 4);

        GC.KeepAlive(new byte[1000]);
    }
}
