using System.Globalization;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Mqtt;

/// <summary>
/// A naive client that keeps lists, at the other end of a line that a script cuts: what is on its way then, in either
/// direction, is lost. One byte is one step.
/// </summary>
internal sealed class LossyLine
{
    private readonly List<string> _published = [];
    private readonly List<string> _got = [];
    private readonly HashSet<ushort> _received = [];
    private readonly Queue<Action> _toServer = new();
    private readonly HashSet<ushort> _unanswered = [];

    public MqttSessionDriver Driver { get; } = new(new MqttLimits { MaxInFlight = 4, MaxWaiting = 100_000 });

    public int ReceiveMaximum { get; private set; } = 4;

    public int UnansweredOnThisConnection => _unanswered.Count;

    /// <summary>What was published at this quality, in order; its name begins with that.</summary>
    public IEnumerable<string> Published(Quality quality) => _published.Where(text => text[0] - '0' == (int)quality);

    public IEnumerable<string> Got(Quality quality) => _got.Where(text => text[0] - '0' == (int)quality);

    public void Do(byte code)
    {
        switch (code % 8)
        {
            case 0 or 1:
                Publish(code % 8 == 0 ? Quality.AtLeastOnce : Quality.ExactlyOnce);
                break;

            case 2 or 3 or 4:
                ReadOne();
                break;

            case 5 or 6:
                AnswerOne();
                break;

            default:
                Cut();
                ReceiveMaximum = 1 + (code / 8 % 4);
                if (code < 200) Connect();
                break;
        }
    }

    /// <summary>The line holds from here on, until nothing is on its way.</summary>
    public void Settle()
    {
        if (!Driver.Session.IsConnected) Connect();
        while (Driver.Sent.Count > 0 || _toServer.Count > 0)
        {
            ReadOne();
            AnswerOne();
        }
    }

    /// <summary>The server is another process from here on: the line is cut, and it has what its log has.</summary>
    public void Restart(bool isTold)
    {
        Cut();
        Driver.Restart(isTold);
    }

    private void Publish(Quality quality)
    {
        var text = $"{(int)quality} {_published.Count.ToString(CultureInfo.InvariantCulture)}";
        _published.Add(text);
        Driver.Offer(text, quality);
        Note();
    }

    private void Connect()
    {
        Driver.Connect(ReceiveMaximum);
        Note();
    }

    private void Cut()
    {
        Driver.Disconnect();
        Driver.Sent.Clear();
        _toServer.Clear();
        _unanswered.Clear();
        _noted = 0;
    }

    // What the server has sent counts from then on, read or not.
    private int _noted;

    private void Note()
    {
        foreach (var packet in Driver.Sent.Skip(_noted))
        {
            if (packet.Contains(':', StringComparison.Ordinal)) _unanswered.Add(IdOf(packet));
        }

        _noted = Driver.Sent.Count;
    }

    private void ReadOne()
    {
        if (!Driver.Sent.TryDequeue(out var packet)) return;

        _noted--;
        var id = IdOf(packet);
        if (packet.EndsWith(" released", StringComparison.Ordinal))
        {
            Complete(id);
            return;
        }

        var text = packet[(packet.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace(" again", "", StringComparison.Ordinal);
        if (text[0] - '0' == (int)Quality.AtLeastOnce)
        {
            _got.Add(text);
            _toServer.Enqueue(() => Answer(id, Driver.Session.Acknowledge(id)));
            return;
        }

        if (_received.Add(id)) _got.Add(text);
        _toServer.Enqueue(() =>
        {
            // The server's PUBREL, on its way at once.
            if (Driver.Do(Driver.Session.Receive(id, isRefused: false))) Driver.Sent.Enqueue($"{id} released");
            Note();
        });
    }

    private void Complete(ushort id)
    {
        _received.Remove(id);
        _toServer.Enqueue(() => Answer(id, Driver.Session.Complete(id)));
    }

    private void Answer(ushort id, MqttFact? fact)
    {
        // Before what it lets out: that counts anew.
        if (fact is not null) _unanswered.Remove(id);
        Driver.Do(fact);
        Note();
    }

    private void AnswerOne()
    {
        if (_toServer.TryDequeue(out var answer)) answer();
    }

    private static ushort IdOf(string packet) => ushort.Parse(packet.Split(':', ' ')[0], CultureInfo.InvariantCulture);
}
