using Signalbox.Core.Payloads;
using Signalbox.Engine.Channels;

namespace Signalbox.Engine.Cluster.Tests.Channels;

[Collection("clock")] // While nobody else moves it: ids are forgotten in time.
public sealed class ForgottenIdTests(TwoSilos silos)
{
    [Fact]
    public async Task An_id_that_nobody_will_repeat_is_free_at_once()
    {
        var token = TestContext.Current.CancellationToken;
        var request = new PublishRequest(Payload.Null, Headers.None, "test", Sender: null, Retain: false, Id: "once");
        var channel = silos.Engines[0].Channel("forgotten/kept");
        var first = await channel.PublishAsync(request, token);
        var repeat = await channel.PublishAsync(request, token);

        await silos.Engines[1].Channel("forgotten/kept").ForgetAsync("once", token);
        var next = await channel.PublishAsync(request, token);

        Assert.Equal((1, 1, 2), (first.Offset, repeat.Offset, next.Offset));
    }
}
