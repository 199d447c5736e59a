using System.Globalization;
using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Nodes;

namespace Signalbox.Gateways.Mqtt;

/// <summary>A few figures of this process, for whoever subscribes below <c>$SYS</c>.</summary>
internal sealed class MqttFigures(TimeProvider clock)
{
    public const string Prefix = "$SYS/";

    private readonly DateTimeOffset _since = clock.GetUtcNow();
    private long _received;
    private long _sent;
    private long _dropped;
    private int _connected;

    public void Received() => Interlocked.Increment(ref _received);

    public void Sent(int count) => Interlocked.Add(ref _sent, count);

    public void Dropped(int count) => Interlocked.Add(ref _dropped, count);

    public void Connected() => Interlocked.Increment(ref _connected);

    public void Disconnected() => Interlocked.Decrement(ref _connected);

    /// <summary>All of them as they are now.</summary>
    public List<(string Channel, Message Message)> Messages(int sessions, string source)
    {
        var now = clock.GetUtcNow();
        return
        [
            .. from figure in All(sessions)
               let payload = new Payload(Encoding.UTF8.GetBytes(figure.Value), PayloadKind.Text)
               select (figure.Topic, new Message(0, now, payload, Headers.Of(Quality.AtMostOnce), source, null, true)),
        ];
    }

    private IEnumerable<(string Topic, string Value)> All(int sessions)
    {
        var uptime = (long)(clock.GetUtcNow() - _since).TotalSeconds;
        yield return ("$SYS/broker/version", $"Signalbox {Release.Version}");
        yield return ("$SYS/broker/uptime", $"{uptime.ToString(CultureInfo.InvariantCulture)} seconds");
        yield return ("$SYS/broker/clients/connected", Text(Volatile.Read(ref _connected)));
        yield return ("$SYS/broker/clients/total", Text(sessions));
        yield return ("$SYS/broker/publish/messages/received", Text(Volatile.Read(ref _received)));
        yield return ("$SYS/broker/publish/messages/sent", Text(Volatile.Read(ref _sent)));
        yield return ("$SYS/broker/publish/messages/dropped", Text(Volatile.Read(ref _dropped)));
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
