using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>A subscribe for one or many channels. Its reply is handled by the reader, before the messages behind
/// it.</summary>
internal sealed class EnterCall(SubscriptionTable table, IReadOnlyList<EnterCall.Entry> entries) : Call
{
    private bool _isDone;

    public IReadOnlyList<Entry> Entries => entries;

    public override CallTraits Traits => CallTraits.OfConnection;

    public override bool IsDone => _isDone;

    public override void Write(ReplyWriter writer)
    {
        writer.BeginObject();
        writer.Property("command"u8);
        writer.Text("subscribe"u8);
        writer.Property("seq"u8);
        writer.Number(Seq);
        writer.Property("key"u8);
        if (entries is [var one]) WriteOne(writer, one);
        else WriteMany(writer);
        writer.EndObject();
    }

    public override void Complete(Reply reply)
    {
        _isDone = true;
        if (reply.Error() is { } error)
        {
            table.Refused(this, error);
            return;
        }

        if (entries is [var one])
        {
            table.Entered(one, Answer.Read(reply));
            return;
        }

        var answers = reply.Entries(ReplyField.Channels, Answer.Read).ToDictionary(StringComparer.Ordinal);
        foreach (var entry in entries) table.Entered(entry, answers.GetValueOrDefault(entry.Route.Name));
    }

    public override void Fail(Exception reason)
    {
        _isDone = true;
        table.Refused(this, reason);
    }

    private static void WriteOne(ReplyWriter writer, Entry entry)
    {
        writer.Text(entry.Route.Name);
        if (entry.Since is not { } since) return;

        writer.Property("since"u8);
        writer.Number(since.Offset);
        writer.Property("epoch"u8);
        writer.Text(since.Epoch);
    }

    private void WriteMany(ReplyWriter writer)
    {
        writer.BeginArray();
        foreach (var entry in entries)
        {
            writer.Element();
            writer.Text(entry.Route.Name);
        }

        writer.EndArray();
        writer.Property("since"u8);
        writer.BeginObject();
        foreach (var entry in entries)
        {
            if (entry.Since is not { } since) continue;
            writer.TextProperty(entry.Route.Name);
            writer.Number(since.Offset);
        }

        writer.EndObject();
        writer.Property("epoch"u8);
        writer.BeginObject();
        foreach (var entry in entries)
        {
            if (entry.Since is not { } since) continue;
            writer.TextProperty(entry.Route.Name);
            writer.Text(since.Epoch);
        }

        writer.EndObject();
    }

    /// <param name="Listeners">Who comes in: all of the route's, or one that joins those who are in.</param>
    internal sealed record Entry(Route Route, IReadOnlyList<Listener> Listeners, ChannelPosition? Since);

    /// <param name="Epoch">Null for a filter: it stands nowhere, its channels do.</param>
    internal readonly record struct Answer(string? Epoch, long Offset, bool Recovered)
    {
        public static readonly Func<Reply, Answer> Read = static reply => new Answer(
            reply.TextOrNull(ReplyField.Epoch), reply.NumberOrNull(ReplyField.Offset) ?? 0, reply.Flag(ReplyField.Recovered));
    }
}
