namespace Signalbox.Client;

/// <summary>How many items a queue has.</summary>
/// <param name="Ready">That can be taken now.</param>
/// <param name="Dead">That were given up after too many attempts; see
/// <see cref="SignalboxClient.DeadLettersOf"/>.</param>
public readonly record struct QueueCounts(long Ready, long Delayed, long Leased, long Dead)
{
    internal static readonly Func<Reply, QueueCounts> Read = static reply => new QueueCounts(
        reply.Number(ReplyField.Ready),
        reply.Number(ReplyField.Delayed),
        reply.Number(ReplyField.Leased),
        reply.Number(ReplyField.Dead));
}
