using FsCheck;
using FsCheck.Fluent;
using Signalbox.Fuzz;

namespace Signalbox.Protocol.Tests.Fuzzing;

public sealed class CorpusTests
{
    [Theory]
    [InlineData("frames")]
    [InlineData("commands")]
    [InlineData("mqtt")]
    public void Every_kept_input_keeps_the_promises(string name)
    {
        var target = FuzzTarget.Find(name)!;
        var corpus = target.LoadCorpus();

        Assert.NotEmpty(corpus);
        Assert.All(corpus, entry => target.Check(entry.Value));
    }

    [Theory]
    [InlineData("frames")]
    [InlineData("mqtt")]
    public void Any_bytes_keep_the_promises(string name) =>
        Prop.ForAll<byte[]>(bytes => FuzzTarget.Find(name)!.Check(bytes)).QuickCheckThrowOnFailure();
}
