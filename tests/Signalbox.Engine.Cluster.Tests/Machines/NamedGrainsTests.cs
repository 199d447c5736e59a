using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Hashes;

namespace Signalbox.Engine.Cluster.Tests.Machines;

public sealed class NamedGrainsTests(TwoSilos silos)
{
    private const string Blank = " ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Orleans refuses such a name where it is asked for the grain.
    [Fact]
    public async Task A_name_of_white_space_is_a_name()
    {
        foreach (var engine in silos.Engines)
        {
            var set = await engine.Hash(Blank).SetAsync(new SetRequest(Payload.Null, null, null, SetCondition.Always, null), Token);
            var published = await engine.Channel(Blank).PublishAsync(
                new PublishRequest(Payload.Null, Headers.None, "test", Sender: null, Retain: false, Id: null), Token);
            var counts = await engine.Queue(Blank, QueuePart.Live).CountAsync(Token);

            Assert.True(set.Version > 0 && published.Offset > 0);
            Assert.Equal(0, counts.Live);
        }
    }
}
