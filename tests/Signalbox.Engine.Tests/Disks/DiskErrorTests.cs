using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.Engine.Tests.Disks;

public sealed class DiskErrorTests
{
    [Theory]
    [InlineData(28)]
    [InlineData(122)]
    [InlineData(unchecked((int)0x80070070))]
    public void A_system_that_has_no_space_is_told_from_one_that_fails(int code)
    {
        var translated = DiskErrors.Translate(new IOException("No.", code), "/data/segment");

        Assert.IsType<DiskFullException>(translated);
        Assert.Contains("/data/segment", translated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_permission_is_a_failure_of_the_disk()
    {
        var translated = DiskErrors.Translate(new UnauthorizedAccessException(), "/data/segment");

        Assert.IsType<IOException>(translated);
        Assert.Contains("/data/segment", translated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_failure_speaks_for_itself() =>
        Assert.Null(DiskErrors.Translate(new IOException("The medium is broken.", 5), "/data/segment"));
}
