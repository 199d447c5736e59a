using System.Runtime.InteropServices;

namespace Signalbox.Transport.Tests.Counting;

public sealed class FileLimitTests
{
    [Fact]
    public void It_is_raised_to_the_hard_one_and_stays()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no such limit here.");
        const int openFiles = 7;
        Assert.Equal(0, getrlimit(openFiles, out var limits));
        var lowered = new Limits { Soft = limits.Hard - 1, Hard = limits.Hard };
        Assert.Equal(0, setrlimit(openFiles, in lowered));

        Assert.Equal((int)Math.Min(limits.Hard, int.MaxValue), FileLimit.Raise());

        Assert.Equal(FileLimit.Raise(), FileLimit.Raise());
        Assert.Equal(0, getrlimit(openFiles, out limits));
        Assert.Equal(limits.Hard, limits.Soft);
    }

    [Fact]
    public void What_is_open_is_in_use()
    {
        Assert.SkipUnless(PollTransport.IsSupported, "There is no such limit here.");
        var handles = Enumerable.Range(0, 1000).Select(_ => File.OpenHandle(typeof(FileLimitTests).Assembly.Location)).ToArray();

        Assert.InRange(FileLimit.InUse(), 1000, int.MaxValue);

        foreach (var handle in handles) handle.Dispose();
    }

    [DllImport("libc")]
    private static extern int getrlimit(int resource, out Limits limits);

    [DllImport("libc")]
    private static extern int setrlimit(int resource, in Limits limits);

    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }
}
