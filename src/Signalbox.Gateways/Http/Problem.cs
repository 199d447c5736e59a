using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>An error as HTTP has it: a status, and a body of <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Code">The error of the table; null for what only HTTP knows, as that there is no such page.</param>
internal sealed record Problem(int Status, ErrorCode? Code, string Detail)
{
    public const string ContentType = "application/problem+json";

    /// <summary>Milliseconds after which the same may succeed.</summary>
    public long? RetryAfter { get; init; }

    /// <summary>What is left of a rate limit.</summary>
    public long? Remaining { get; init; }

    /// <summary>The sequence that a command was sent with, as it was sent.</summary>
    public byte[] Seq { get; init; } = [];

    public static Problem Of(ErrorCode code, string detail) => new(ErrorTable.Of(code).HttpStatus, code, detail)
    {
        // Many clients are told this at once, and should not all come back at once.
        RetryAfter = code == ErrorCode.Unavailable ? (long)SessionHost.Jitter().TotalMilliseconds : null,
    };

    public static Problem Of(Failure failure)
    {
        var problem = Of(failure.Code, failure.Message);
        if (failure.Rate is not { } rate) return problem;

        return problem with
        {
            RetryAfter = (long)Math.Ceiling(rate.RetryAfter.TotalMilliseconds),
            Remaining = rate.Remaining,
        };
    }

    public static Problem OfHttp(int status, string detail) => new(status, null, detail);

    /// <summary>The problem that an error reply to a command tells of.</summary>
    public static Problem OfReply(ReplyView reply)
    {
        var problem = Of((ErrorCode)reply.Code, reply.Message);
        return problem with
        {
            RetryAfter = reply.RetryAfter ?? problem.RetryAfter,
            Remaining = reply.Remaining,
            Seq = reply.Seq.ToArray(),
        };
    }

    public void Write(HttpResponse response)
    {
        var body = new JsonBuffer();
        Write(new ReplyWriter(body));
        if (RetryAfter is { } milliseconds)
        {
            response.Headers.RetryAfter = $"{Math.Max(1, (milliseconds + 999) / 1000)}";
        }

        if (Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        Answers.Write(response, Status, ContentType, body.WrittenMemory);
    }

    private void Write(ReplyWriter writer)
    {
        var entry = Code is { } known ? ErrorTable.Of(known) : null;
        writer.BeginObject();
        writer.Property("type"u8);
        writer.Text(entry is null ? "about:blank" : $"urn:signalbox:error:{entry.Name}");
        writer.Property("title"u8);
        writer.Text(entry is null ? ReasonPhrases.GetReasonPhrase(Status) : entry.Name);
        writer.Property("status"u8);
        writer.Number(Status);
        writer.Property("detail"u8);
        writer.Text(Detail);
        if (Code is { } code)
        {
            writer.Property("code"u8);
            writer.Number((int)code);
        }

        WriteNumber(writer, "retryAfter"u8, RetryAfter);
        WriteNumber(writer, "remaining"u8, Remaining);
        if (Seq.Length > 0)
        {
            writer.Property("seq"u8);
            writer.Raw(Seq);
        }

        writer.EndObject();
    }

    private static void WriteNumber(ReplyWriter writer, ReadOnlySpan<byte> name, long? number)
    {
        if (number is not { } value) return;

        writer.Property(name);
        writer.Number(value);
    }
}
