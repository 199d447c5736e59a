using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Mqtt;

/// <summary>A server's session and a client over a line that loses, and is cut at every step.</summary>
public sealed class MqttSessionProperties
{
    private static readonly Config ManyTests = Config.QuickThrowOnFailure.WithMaxTest(1000);

    [Fact]
    public void Whatever_is_lost_QoS_1_comes_at_least_once_and_QoS_2_exactly_once_in_order() =>
        Prop.ForAll<byte[]>(script =>
        {
            var line = new LossyLine();
            foreach (var code in script) line.Do(code);
            line.Settle();

            Assert.Equal(line.Published(Quality.ExactlyOnce), line.Got(Quality.ExactlyOnce));
            Assert.Equal(line.Published(Quality.AtLeastOnce), line.Got(Quality.AtLeastOnce).Distinct());
            Assert.Equal((0, 0), (line.Driver.Session.InFlightCount, line.Driver.Session.WaitingCount));
        }).Check(ManyTests);

    [Fact]
    public void Never_is_more_under_way_than_the_client_takes() =>
        Prop.ForAll<byte[]>(script =>
        {
            var line = new LossyLine();
            foreach (var code in script)
            {
                line.Do(code);
                Assert.InRange(line.UnansweredOnThisConnection, 0, line.ReceiveMaximum);
            }
        }).Check(ManyTests);

    [Fact]
    public void A_publish_of_the_client_is_taken_once_though_it_is_sent_again() =>
        Prop.ForAll<byte[]>(script =>
        {
            var session = new MqttSession(MqttLimits.Default);
            var (published, expected) = (0, 0);
            var begun = new HashSet<ushort>();
            foreach (var code in script)
            {
                var id = (ushort)(1 + (code % 5));
                if (code < 128)
                {
                    if (begun.Add(id)) expected++;
                    Assert.True(session.TryBegin(id, out var fact));
                    if (fact is null) continue;
                    session.Apply(fact);
                    published++;
                }
                else
                {
                    var ended = session.End(id);
                    Assert.Equal(begun.Remove(id), ended is not null);
                    if (ended is not null) session.Apply(ended);
                }
            }

            Assert.Equal(expected, published);
        }).Check(ManyTests);

    [Fact]
    public void A_replay_of_the_log_gives_an_equal_session() =>
        Prop.ForAll<byte[]>(script =>
        {
            var line = new LossyLine();
            foreach (var code in script) line.Do(code);

            var (known, replayed) = (line.Driver.Session, line.Driver.Replay());
            Assert.Equal(
                (known.InFlightCount, known.WaitingCount, known.IsConnected, known.NextWakeUp),
                (replayed.InFlightCount, replayed.WaitingCount, replayed.IsConnected, replayed.NextWakeUp));
            Assert.Equal(known.NextToSend(line.Driver.Now), replayed.NextToSend(line.Driver.Now));
        }).Check(ManyTests);
}
