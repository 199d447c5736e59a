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
    public void A_publish_of_the_client_has_one_number_though_it_is_sent_again_and_the_process_is_another() =>
        Prop.ForAll<byte[]>(script =>
        {
            var driver = new MqttSessionDriver();
            driver.Connect();
            var last = 0L;
            var begun = new Dictionary<ushort, long>();
            foreach (var code in script)
            {
                var id = (ushort)(1 + (code % 5));
                switch (code / 64)
                {
                    case 0 or 1:
                        Assert.True(driver.Session.TryBegin(id, "a", out var fact));
                        Assert.Equal(begun.TryAdd(id, last + 1), fact is not null);
                        last = Math.Max(last, begun[id]);
                        driver.Do(fact);
                        if (code % 2 == 0) driver.Do(driver.Session.Take(id));
                        break;

                    case 2:
                        Assert.Equal(begun.Remove(id), driver.Do(driver.Session.End(id)));
                        break;

                    default:
                        driver.Restart(isTold: code % 2 == 0);
                        driver.Connect();
                        break;
                }

                foreach (var (known, number) in begun) Assert.Equal(number, driver.Session.BegunOf(known)?.Number);
            }
        }).Check(ManyTests);

    [Fact]
    public void Whatever_is_lost_and_whenever_the_process_is_another_QoS_1_and_2_keep_their_word() =>
        Prop.ForAll<byte[]>(script =>
        {
            var line = new LossyLine();
            foreach (var code in script)
            {
                if (code % 5 == 0) line.Restart(isTold: code % 2 == 0);
                else line.Do(code);
            }

            line.Settle();

            Assert.Equal(line.Published(Quality.ExactlyOnce), line.Got(Quality.ExactlyOnce));
            Assert.Equal(line.Published(Quality.AtLeastOnce), line.Got(Quality.AtLeastOnce).Distinct());
            Assert.Equal((0, 0), (line.Driver.Session.InFlightCount, line.Driver.Session.WaitingCount));
        }).Check(ManyTests);

    [Fact]
    public void At_each_step_the_log_and_what_a_checkpoint_tells_give_an_equal_session() =>
        Prop.ForAll<byte[]>(script =>
        {
            var line = new LossyLine();
            foreach (var code in script)
            {
                line.Do(code);

                var told = StateOf(line.Driver.Session);
                Assert.Equal(told, StateOf(line.Driver.Replay()));
                Assert.Equal(told, StateOf(MqttSessionDriver.Made(line.Driver.Session.Snapshot())));
            }
        }).Check(Config.QuickThrowOnFailure);

    // How much more the client takes is of its connection.
    private static IEnumerable<MqttFact> StateOf(MqttSession session) =>
        session.Snapshot().Select(fact => fact is SessionConnected connected ? connected with { ReceiveMaximum = 1 } : fact);
}
