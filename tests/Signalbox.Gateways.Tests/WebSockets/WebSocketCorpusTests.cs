using FsCheck;
using FsCheck.Fluent;
using Signalbox.Fuzz;

namespace Signalbox.Gateways.Tests.WebSockets;

public sealed class WebSocketCorpusTests
{
    private static readonly FuzzTarget Target = FuzzTarget.Find("websockets")!; // It is in the list.

    [Fact]
    public void Every_kept_input_keeps_the_promises()
    {
        var corpus = Target.LoadCorpus();

        Assert.NotEmpty(corpus);
        Assert.All(corpus, entry => Target.Check(entry.Value));
    }

    [Fact]
    public void Any_bytes_keep_the_promises() =>
        Prop.ForAll<byte[]>(bytes => Target.Check(bytes)).QuickCheckThrowOnFailure();
}
