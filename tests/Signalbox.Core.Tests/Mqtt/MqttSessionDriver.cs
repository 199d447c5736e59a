using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Mqtt;

/// <summary>Plays the gateway for one session: applies what it decides, and keeps what was sent.</summary>
internal sealed class MqttSessionDriver(MqttLimits? limits = null)
{
    private readonly MqttLimits _limits = limits ?? MqttLimits.Default;
    private MqttSession? _session;

    public MqttSession Session => _session ??= Opened();

    /// <summary>What a log keeps: all but what is only of a connection.</summary>
    public List<MqttFact> Log { get; } = [];

    public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What went to the client, oldest first: <c>1:text</c>, <c>1:text again</c>, <c>1 released</c>.</summary>
    public Queue<string> Sent { get; } = new();

    public void Connect(int receiveMaximum = 100, SessionWill? will = null)
    {
        Apply(Session.Connect(receiveMaximum, TimeSpan.FromHours(1), will));
        Send();
    }

    public void Disconnect(int expirySeconds = 3600) => Apply(Session.Disconnect(TimeSpan.FromSeconds(expirySeconds), Now));

    public bool Offer(string text, Quality quality, int? lifeSeconds = null, string? group = null)
    {
        var message = new Message(1, Now, new Payload(System.Text.Encoding.UTF8.GetBytes(text), PayloadKind.Text), Headers.None, "", null, false);
        var expiry = lifeSeconds is { } seconds ? Now + TimeSpan.FromSeconds(seconds) : (DateTimeOffset?)null;
        var queued = Session.Offer(new MqttMessage("a", message, Place: null, new MqttDelivery(quality, false, []), group, expiry));
        Apply(queued);
        Send();
        return queued is not null;
    }

    /// <summary>Applies a fact that was decided, and sends what can be sent then.</summary>
    public bool Do(MqttFact? fact)
    {
        Apply(fact);
        Send();
        return fact is not null;
    }

    public List<MqttFact> Pass(int seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        var due = new List<MqttFact>();
        while (Session.NextDue(Now) is { } fact)
        {
            due.Add(fact);
            Apply(fact);
        }

        return due;
    }

    public MqttSession Replay() => Made(Log, _limits);

    /// <summary>Ends the process, and begins another on what the log has or tells again.</summary>
    /// <param name="isTold">Whether a checkpoint was made just before.</param>
    public void Restart(bool isTold)
    {
        var session = Made(isTold ? [.. Session.Snapshot()] : Log, _limits);
        if (isTold)
        {
            Log.Clear();
            Log.AddRange(session.Snapshot());
        }

        _session = session;
        Apply(session.Disconnect(session.Expiry, Now));
    }

    public static string TextOf(MqttMessage message) =>
        System.Text.Encoding.UTF8.GetString(message.Message!.Payload.Bytes.Span); // Nothing here is in a history.

    private void Send()
    {
        while (Session.NextToSend(Now) is { } fact)
        {
            Apply(fact);
            var text = fact switch
            {
                MessageSent sent => $"{sent.PacketId}:{TextOf(Session.InFlightOf(sent.PacketId)!)}", // It was just sent.
                MessageSentAgain again => $"{again.PacketId}:{TextOf(Session.InFlightOf(again.PacketId)!)} again",
                ReleaseSentAgain release => $"{release.PacketId} released",
                _ => null,
            };
            if (text is not null) Sent.Enqueue(text);
        }
    }

    private void Apply(MqttFact? fact)
    {
        if (fact is null) return;

        if (fact is not (MessageSentAgain or ReleaseSentAgain)) Log.Add(fact);
        Session.Apply(fact);
    }

    public static MqttSession Made(IEnumerable<MqttFact> facts, MqttLimits? limits = null)
    {
        var made = new MqttSession(limits ?? MqttLimits.Default);
        foreach (var fact in facts)
        {
            Assert.True(made.CanBe(fact), $"{fact} cannot be.");
            made.Apply(fact);
        }

        return made;
    }

    private MqttSession Opened()
    {
        _session = new MqttSession(_limits);
        Apply(new SessionOpened("1", null, "client", "peer", LastPacketId: 0, LastPublish: 0));
        return _session;
    }
}
