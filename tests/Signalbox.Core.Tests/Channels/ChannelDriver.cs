using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Channels;

/// <summary>Plays the engine around a channel, in words of the domain: it owns the clock and keeps the log.</summary>
internal sealed class ChannelDriver
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ChannelOptions _options;
    private readonly ChannelLimits _limits;
    private readonly List<ChannelFact> _log = [];

    public ChannelDriver(ChannelOptions? options = null, ChannelLimits? limits = null)
    {
        _options = options ?? ChannelOptions.Default;
        _limits = limits ?? ChannelLimits.Default;
        Channel = new Channel(_options, _limits);
        Commit(Channel.Open("epoch"));
    }

    public Channel Channel { get; }

    public DateTimeOffset Now { get; private set; } = Start;

    public IReadOnlyList<ChannelFact> Log => _log;

    public string? RetainedText => Channel.Retained is { } message ? TextOf(message) : null;

    public static Payload Text(string text) => new(Encoding.UTF8.GetBytes(text), PayloadKind.Text);

    public static string TextOf(Message message) => Encoding.UTF8.GetString(message.Payload.Bytes.Span);

    public static Member Member(string id, string node, string? name = null) =>
        new(id, node, "10.0.0.1:5000", name, User: null, Start);

    /// <summary>Publishes what must not be refused.</summary>
    /// <returns>The offset.</returns>
    public long Publish(string text, bool retain = false, string? id = null)
    {
        Assert.Equal(Refusal.None, TryPublish(Text(text), out var offset, retain, id));
        return offset;
    }

    public Refusal TryPublish(Payload payload, out long offset, bool retain = false, string? id = null)
    {
        var refusal = Channel.Publish(
            payload, Headers.None, "10.0.0.1:5000", sender: null, retain, id, Now, out var fact, out offset);
        Commit(fact);
        return refusal;
    }

    public Refusal TryPublish(string text) => TryPublish(Text(text), out _);

    public string[] Read(long since = 0, int limit = int.MaxValue) =>
        [.. Channel.Read(since, limit, reverse: false).Messages.Select(TextOf)];

    public string[] ReadBack(long before = 0, int limit = int.MaxValue) =>
        [.. Channel.Read(before, limit, reverse: true).Messages.Select(TextOf)];

    public void ClearRetained() => Commit(Channel.ClearRetained());

    public Refusal Join(string id, string node = "n1", string? name = null) => Join(Member(id, node, name));

    public Refusal Join(Member member)
    {
        var refusal = Channel.Join(member, out var fact);
        Commit(fact);
        return refusal;
    }

    public bool Leave(string id) => Commit(Channel.Leave(id));

    public void Renew(string node, TimeSpan time) => Commit(Channel.Renew(node, Now + time));

    public bool Lose(string node) => Commit(Channel.Lose(node));

    public string[] Present() => [.. Channel.Members.Select(member => member.Id).Order(StringComparer.Ordinal)];

    /// <summary>Lets time pass with a wake-up that is never late.</summary>
    /// <returns>What fell due, in order.</returns>
    public List<ChannelFact> Pass(TimeSpan time)
    {
        var end = Now + time;
        var first = _log.Count;
        while (Channel.NextWakeUp is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            var due = Channel.NextDue(Now);
            Assert.True(due is not null, $"The channel wanted to wake up at {next:T} and had nothing to say.");
            Commit(due);
        }

        Now = end;
        Assert.Null(Channel.NextDue(Now));
        return _log[first..];
    }

    /// <summary>Lets time pass while the engine sleeps through every wake-up.</summary>
    public void PassAsleep(TimeSpan time) => Now += time;

    /// <summary>A new machine that has read the whole log.</summary>
    public Channel Replay() => Rebuild(_log);

    /// <summary>A new machine that has read a snapshot of this one.</summary>
    public Channel Restore() => Rebuild(Channel.Snapshot());

    private Channel Rebuild(IEnumerable<ChannelFact> facts)
    {
        var channel = new Channel(_options, _limits);
        foreach (var fact in facts) channel.Apply(fact);
        return channel;
    }

    private bool Commit(ChannelFact? fact)
    {
        if (fact is null) return false;

        _log.Add(fact);
        Channel.Apply(fact);
        return true;
    }
}
