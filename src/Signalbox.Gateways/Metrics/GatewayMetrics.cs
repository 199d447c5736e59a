using System.Diagnostics.Metrics;
using System.Text;
using Signalbox.Protocol.Commands;

namespace Signalbox.Gateways.Metrics;

/// <summary>What the gateways count, on every protocol.</summary>
/// <remarks>What happens for each command is kept in <see cref="Tallies"/> and asked for when somebody looks; what happens
/// once a connection, or to one that is in trouble, is told as it happens.</remarks>
public sealed class GatewayMetrics
{
    public const string MeterName = "Signalbox.Gateways";

    private static readonly string[] Protocols = ["tcp", "ws", "sse", "mqtt", "http"];
    private static readonly int Commands = Enum.GetValues<CommandName>().Length;
    private static readonly int ReadFrom = Commands * Outcomes.Count;
    private static readonly int WrittenFrom = ReadFrom + Protocols.Length;

    private readonly Tallies _tallies = new(WrittenFrom + Protocols.Length);
    private readonly int[] _open = new int[Protocols.Length];
    private readonly Counter<long> _closed;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _asked;
    private readonly Counter<long> _newsDropped;
    private int _blockedPops;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("signalbox.connections", Open, "{connection}", "Connections that are open.");
        _closed = meter.CreateCounter<long>(
            "signalbox.connections.closed", "{connection}", "Connections that ended, by who or what ended them.");
        meter.CreateObservableCounter(
            "signalbox.commands", Done, "{command}", "Commands that were answered, by name and by outcome.");
        meter.CreateObservableCounter(
            "signalbox.received", () => ByProtocol(ReadFrom), "By", "Bytes of commands, with their framing.");
        meter.CreateObservableCounter(
            "signalbox.sent", () => ByProtocol(WrittenFrom), "By", "Bytes of replies and messages.");
        _missed = meter.CreateCounter<long>(
            "signalbox.slow_readers.missed", "{message}", "Messages that slow readers were not given.");
        _asked = meter.CreateCounter<long>("signalbox.hooks", "{request}", "Requests to the backend, by hook and by outcome.");
        _newsDropped = meter.CreateCounter<long>(
            "signalbox.hooks.dropped", "{event}", "News that the backend was not told because too many waited.");
        meter.CreateObservableUpDownCounter(
            "signalbox.pops.blocked", () => Volatile.Read(ref _blockedPops), "{pop}", "Pops that wait for an item.");
    }

    internal static int PlaceOf(string protocol) => Array.IndexOf(Protocols, protocol);

    internal void ConnectionOpened(int protocol) => Interlocked.Increment(ref _open[protocol]);

    /// <param name="reason">See <see cref="Sessions.SessionEnd"/>; "peer" where the peer ended it.</param>
    internal void ConnectionClosed(int protocol, string reason)
    {
        Interlocked.Decrement(ref _open[protocol]);
        _closed.Add(1, new("protocol", Protocols[protocol]), new("reason", reason));
    }

    /// <param name="code">The number of the error; 0 for none.</param>
    internal void CommandDone(CommandName command, int code) =>
        _tallies.Add(((int)command * Outcomes.Count) + Outcomes.PlaceOf(code), 1);

    internal void BytesRead(int protocol, long count) => _tallies.Add(ReadFrom + protocol, count);

    internal void BytesWritten(int protocol, long count) => _tallies.Add(WrittenFrom + protocol, count);

    internal void MessagesMissed(long count) => _missed.Add(count);

    /// <param name="outcome">allowed, changed, denied, failed, full.</param>
    internal void HookAsked(string hook, string outcome) => _asked.Add(1, new("hook", hook), new("outcome", outcome));

    internal void NewsDropped() => _newsDropped.Add(1);

    internal void PopBlocked() => Interlocked.Increment(ref _blockedPops);

    internal void PopAnswered() => Interlocked.Decrement(ref _blockedPops);

    private IEnumerable<Measurement<long>> Open()
    {
        // A request is no connection: how many are under way the framework's own metrics say.
        for (var i = 0; i < Protocols.Length - 1; i++)
        {
            yield return new(Volatile.Read(ref _open[i]), new KeyValuePair<string, object?>("protocol", Protocols[i]));
        }
    }

    private IEnumerable<Measurement<long>> ByProtocol(int from)
    {
        var sum = _tallies.Sum();
        for (var i = 0; i < Protocols.Length; i++)
        {
            yield return new(sum[from + i], new KeyValuePair<string, object?>("protocol", Protocols[i]));
        }
    }

    private IEnumerable<Measurement<long>> Done()
    {
        var sum = _tallies.Sum();
        for (var i = 0; i < ReadFrom; i++)
        {
            if (sum[i] == 0) continue;

            var command = (CommandName)(i / Outcomes.Count);
            var name = command == CommandName.None ? "none" : Encoding.UTF8.GetString(CommandNames.Utf8Of(command));
            yield return new(sum[i], new("command", name), new("outcome", Outcomes.NameOf(i % Outcomes.Count)));
        }
    }
}
