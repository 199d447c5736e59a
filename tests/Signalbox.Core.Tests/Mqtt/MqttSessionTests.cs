using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Mqtt;

public sealed class MqttSessionTests
{
    [Fact]
    public void MQTT_2_2_1_4_A_number_in_use_is_not_given_again()
    {
        var driver = new MqttSessionDriver(new MqttLimits { MaxInFlight = 3 });
        driver.Connect();
        driver.Offer("kept", Quality.AtLeastOnce);

        for (var i = 0; i < ushort.MaxValue; i++)
        {
            driver.Offer("x", Quality.AtLeastOnce);
            var id = ushort.Parse(driver.Sent.Last().Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
            Assert.NotEqual(0, id);
            Assert.True(i == 0 || id != 1);
            driver.Do(driver.Session.Acknowledge(id));
        }
    }

    [Fact]
    public void MQTT_4_3_3_6_After_its_release_a_message_is_not_sent_again_but_the_release_is()
    {
        var driver = new MqttSessionDriver();
        driver.Connect();
        driver.Offer("a", Quality.ExactlyOnce);
        driver.Do(driver.Session.Receive(1, isRefused: false));
        driver.Disconnect();

        driver.Connect();

        Assert.Equal(["1:a", "1 released"], driver.Sent);
        Assert.True(driver.Do(driver.Session.Complete(1)));
        Assert.Equal(0, driver.Session.InFlightCount);
    }

    [Fact]
    public void MQTT_4_3_3_7_13_What_was_sent_does_not_expire_and_what_waits_does()
    {
        var driver = new MqttSessionDriver();
        driver.Connect(receiveMaximum: 1);
        driver.Offer("sent", Quality.ExactlyOnce, lifeSeconds: 10);
        driver.Offer("waits", Quality.ExactlyOnce, lifeSeconds: 10);
        driver.Offer("lasts", Quality.ExactlyOnce);
        driver.Disconnect();

        driver.Pass(11);
        driver.Connect();

        Assert.Equal(["1:sent", "1:sent again", "2:lasts"], driver.Sent);
    }

    [Fact]
    public void Releases_do_not_wait_for_messages_that_the_client_does_not_take_now()
    {
        var driver = new MqttSessionDriver();
        driver.Connect();
        foreach (var text in new[] { "a", "b", "c" }) driver.Offer(text, Quality.ExactlyOnce);
        driver.Do(driver.Session.Receive(3, isRefused: false));
        driver.Disconnect();
        driver.Sent.Clear();

        driver.Connect(receiveMaximum: 1);

        Assert.Equal(["3 released", "1:a again"], driver.Sent);
    }

    [Fact]
    public void What_waits_is_bounded_in_bytes_too()
    {
        var driver = new MqttSessionDriver(new MqttLimits { MaxWaitingBytes = 10 });
        driver.Connect();
        driver.Disconnect();
        driver.Offer("1234", Quality.AtLeastOnce);
        driver.Offer("5678", Quality.AtLeastOnce);
        driver.Offer("90", Quality.AtLeastOnce);

        Assert.False(driver.Offer("12345678901", Quality.AtLeastOnce));
        driver.Connect();

        Assert.Equal(["1:5678", "2:90"], driver.Sent);
    }

    [Fact]
    public void An_acknowledgement_of_the_wrong_kind_acknowledges_nothing()
    {
        var driver = new MqttSessionDriver();
        driver.Connect();
        driver.Offer("a", Quality.AtLeastOnce);
        driver.Offer("b", Quality.ExactlyOnce);

        Assert.Null(driver.Session.Acknowledge(2));
        Assert.Null(driver.Session.Receive(1, isRefused: false));
        Assert.Null(driver.Session.Complete(2));
        Assert.Null(driver.Session.Acknowledge(3));
    }

    [Fact]
    public void A_will_is_due_after_its_delay_or_with_the_end_of_the_session()
    {
        var author = new WillAuthor("c1", "peer", null, "$address/peer", Who.Anyone, null);
        var will = new SessionWill("w", Payload.Null, Headers.None, false, TimeSpan.FromSeconds(10), author);
        var driver = new MqttSessionDriver();
        driver.Connect(will: will);
        driver.Disconnect(expirySeconds: 30);

        Assert.Empty(driver.Pass(9));
        Assert.Equal([new WillDone(IsPublished: true)], driver.Pass(1));
        Assert.Equal([new SessionEnded()], driver.Pass(20));
        Assert.Null(driver.Session.NextWakeUp);
    }

    [Fact]
    public void What_came_by_a_shared_subscription_goes_back_but_for_what_may_have_come()
    {
        var driver = new MqttSessionDriver();
        driver.Connect(receiveMaximum: 2);
        driver.Offer("sent once", Quality.AtLeastOnce, group: "g");
        driver.Offer("sent twice", Quality.ExactlyOnce, group: "g");
        driver.Offer("own", Quality.AtLeastOnce);
        driver.Offer("waits", Quality.ExactlyOnce, group: "g");
        driver.Disconnect();

        Assert.Equal(["waits"], driver.Session.SharedToGiveBack(includingSent: false).Select(MqttSessionDriver.TextOf));
        Assert.Equal(["sent once", "waits"], driver.Session.SharedToGiveBack(includingSent: true).Select(MqttSessionDriver.TextOf));
        driver.Do(driver.Session.GiveBack(includingSent: true));

        Assert.Equal((1, 1), (driver.Session.WaitingCount, driver.Session.InFlightCount));
    }

    [Fact]
    public void A_number_that_the_client_knows_too_early_is_not_sent_again()
    {
        var driver = new MqttSessionDriver();
        driver.Connect();
        foreach (var text in new[] { "a", "b" }) driver.Offer(text, Quality.AtLeastOnce);
        driver.Disconnect();
        driver.Sent.Clear();
        driver.Connect(receiveMaximum: 1);

        driver.Do(driver.Session.Acknowledge(2));
        driver.Do(driver.Session.Acknowledge(1));

        Assert.Equal(["1:a again"], driver.Sent);
    }

    [Fact]
    public void Overlapping_subscriptions_are_one_delivery()
    {
        var session = new MqttSession(MqttLimits.Default);
        Subscribe(new("a/b", null, Quality.AtMostOnce, NoLocal: true, RetainAsPublished: true, 1));
        Subscribe(new("a/#", null, Quality.ExactlyOnce, NoLocal: false, RetainAsPublished: false, 2));
        Subscribe(new("a/+", "group", Quality.AtLeastOnce, NoLocal: false, RetainAsPublished: false, 3));
        var message = new Message(1, default, Payload.Null, Headers.Of(Quality.AtLeastOnce), "", "me", Retain: true);

        var others = session.Match("a/b", message with { Sender = "you" }, "me")!;
        var own = session.Match("a/b", message, "me")!;

        Assert.Equal((Quality.AtLeastOnce, true), (others.Quality, others.Retain));
        Assert.Equal([1u, 2u], others.Identifiers);
        Assert.Equal((Quality.AtLeastOnce, false), (own.Quality, own.Retain));
        Assert.Equal([2u], own.Identifiers);
        Assert.Null(session.Match("b", message, "me"));

        void Subscribe(SessionSubscription subscription) => session.Apply(session.Subscribe(subscription)!); // Each is new.
    }
}
