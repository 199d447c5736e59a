using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Binary;
using Signalbox.Engine.Channels;

namespace Signalbox.Engine.Tests.Binary;

public sealed class QualityTests
{
    [Theory]
    [InlineData(Quality.Any)]
    [InlineData(Quality.AtMostOnce)]
    [InlineData(Quality.ExactlyOnce)]
    public void How_surely_a_message_is_to_be_delivered_is_written_and_read(Quality quality)
    {
        var headers = new Headers([new("a", "b")], quality);
        var request = new PublishRequest(Payload.Null, headers, "", null, false, null);
        var published = new MessagePublished(new Message(1, default, Payload.Null, headers, "", null, true), null, default);

        Assert.Equal(request, BinaryForm.Read(BinaryForm.ToArray(request)));
        Assert.Equal(published, BinaryForm.Read(BinaryForm.ToArray(published)));
    }
}
