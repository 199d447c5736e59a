using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Channels;

/// <summary>A channel that keeps everything in lists and finds out with LINQ what it is asked.</summary>
internal sealed class ChannelModel(ChannelOptions options, ChannelLimits limits)
{
    private readonly List<Message> _all = [];
    private readonly List<(string Id, long Offset, DateTimeOffset Until)> _ids = [];
    private readonly List<(string Node, DateTimeOffset Until)> _nodes = [];
    private List<Member> _members = [];
    private long _expiredUpTo;
    private long _clearedUpTo;

    public DateTimeOffset Now { get; private set; } = ChannelDriver.Start;

    public long LastOffset => _all.Count;

    public List<Message> Kept =>
        [.. _all.Where(message => message.Offset > _expiredUpTo).TakeLast(options.HistorySize)];

    public long First => Kept.Select(message => message.Offset).DefaultIfEmpty(LastOffset + 1).First();

    public Message? Retained =>
        _all.LastOrDefault(message => message.Retain) is { Payload.Length: > 0 } last && last.Offset > _clearedUpTo
            ? last
            : null;

    public IEnumerable<Member> Members => _members.OrderBy(member => member.Id, StringComparer.Ordinal);

    public bool IsIdle => Kept.Count == 0 && Retained is null && _ids.Count == 0 && _members.Count == 0;

    public DateTimeOffset? NextWakeUp =>
        Kept.Select(message => message.Time + options.HistoryAge)
            .Concat(_nodes.Select(entry => entry.Until))
            .Select(moment => (DateTimeOffset?)moment)
            .Append(NextForgetting)
            .Min();

    // Ids are forgotten many at once: a sixteenth of the window after the first has ended.
    private DateTimeOffset? NextForgetting =>
        _ids.Select(entry => (DateTimeOffset?)entry.Until + (limits.DedupeWindow / 16)).Min();

    public (Refusal Refusal, long Offset) Publish(string text, bool retain, string? id)
    {
        var first = _ids.FirstOrDefault(entry => entry.Id == id && entry.Until > Now);
        if (first.Id is not null) return (Refusal.None, first.Offset);

        var others = _ids.Select(entry => entry.Id).Where(other => other != id).Distinct().Count();
        if (id is not null && others >= limits.MaxIds) return (Refusal.TooManyIds, 0);

        var message = new Message(
            LastOffset + 1, Now, ChannelDriver.Text(text), Headers.None, "10.0.0.1:5000", null, retain);
        _all.Add(message);
        if (id is not null) _ids.Add((id, message.Offset, Now + limits.DedupeWindow));
        return (Refusal.None, message.Offset);
    }

    public void ClearRetained() => _clearedUpTo = LastOffset;

    public Refusal Join(Member member)
    {
        var known = _members.Find(other => other.Id == member.Id);
        if (known is null && _members.Count >= limits.MaxMembers) return Refusal.TooManyMembers;

        Leave(member.Id);
        _members.Add(member with { Since = known?.Since ?? member.Since });
        return Refusal.None;
    }

    public bool Leave(string id) => _members.RemoveAll(member => member.Id == id) > 0;

    public void Renew(string node, TimeSpan time)
    {
        var until = _nodes.Where(entry => entry.Node == node).Select(entry => entry.Until).Append(Now + time).Max();
        _nodes.RemoveAll(entry => entry.Node == node);
        _nodes.Add((node, until));
    }

    public bool Lose(string node) =>
        (_members.RemoveAll(member => member.Node == node) > 0) | (_nodes.RemoveAll(entry => entry.Node == node) > 0);

    public void PassAsleep(TimeSpan time) => Now += time;

    public void Pass(TimeSpan time)
    {
        var start = Now;
        Now += time;
        var lost = _nodes.Where(entry => entry.Until <= Now).Select(entry => entry.Node).ToList();
        _members = [.. _members.Where(member => !lost.Contains(member.Node))];
        _nodes.RemoveAll(entry => lost.Contains(entry.Node));
        while (NextForgetting is { } due && due <= Now) ForgetIds(due > start ? due : start);
        _expiredUpTo = _all.LastOrDefault(message => message.Time + options.HistoryAge <= Now)?.Offset ?? 0;
    }

    private void ForgetIds(DateTimeOffset moment) => _ids.RemoveAll(entry => entry.Until <= moment);
}
