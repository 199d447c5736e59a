using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Commands;

/// <summary>The replies that several commands share.</summary>
internal static class Replies
{
    /// <summary>An error instead of a reply.</summary>
    public static readonly ReplyBody<Failure> Failure = static (reply, head, failure) =>
    {
        reply.BeginError(failure.Code, failure.Message, head.Seq);
        if (failure.Rate is { } rate)
        {
            reply.Property("retryAfter"u8);
            reply.Number((long)Math.Ceiling(rate.RetryAfter.TotalMilliseconds));
            reply.Property("remaining"u8);
            reply.Number(rate.Remaining);
        }

        reply.EndObject();
    };

    /// <summary>A reply that says no more than that it is done.</summary>
    public static readonly ReplyBody<bool> Done = static (reply, head, _) =>
    {
        Begin(reply, head);
        reply.EndObject();
    };

    /// <summary>A reply whose value is a number.</summary>
    public static readonly ReplyBody<long> Number = static (reply, head, value) =>
    {
        Begin(reply, head);
        reply.Property("value"u8);
        reply.Number(value);
        reply.EndObject();
    };

    /// <summary>A reply whose value is how many are gone.</summary>
    public static readonly ReplyBody<ClearAnswer> Cleared = static (reply, head, answer) =>
    {
        if (answer.Refusal == Refusal.None)
        {
            Number!(reply, head, answer.Count); // Set before it.
            return;
        }

        var failure = Sessions.Failure.Of(answer.Refusal);
        Failure!(reply, head, answer.Count == 0 ? failure : failure with // Set before it.
        {
            Message = $"The storage can take no more now, and {answer.Count} are gone already: try again for the rest.",
        });
    };

    public static void Begin(ReplyWriter reply, scoped ReplyHead head) =>
        reply.BeginReply(head.Command, head.Key, head.Seq);

    public static void Refused(ReplyWriter reply, scoped ReplyHead head, Refusal refusal) =>
        Failure(reply, head, Sessions.Failure.Of(refusal));
}
