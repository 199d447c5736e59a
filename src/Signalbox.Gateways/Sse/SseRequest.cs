using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Sse;

/// <summary>What a stream is asked for: channels and filters, and where it broke off.</summary>
/// <param name="Names">Each once, in the order in which they were named.</param>
/// <param name="Known">The positions of an earlier stream; null where there was none, empty where they cannot be read.</param>
internal sealed record SseRequest(IReadOnlyList<string> Names, Dictionary<string, ChannelPosition>? Known)
{
    // An epoch, a dash, an offset and a comma, each as long as they get.
    private const int PositionBytes = 36;

    private static readonly MediaTypeHeaderValue EventStream = new("text/event-stream");

    /// <summary>Whether all its events say the same position for everybody.</summary>
    public bool IsOneChannel => Names.Count == 1 && !ChannelFilter.IsFilter(Names[0]);

    /// <returns>The request, or why it is none.</returns>
    public static (SseRequest? Request, SseRefusal? Refusal) Read(
        HttpRequest request, SseOptions options, SessionOptions session)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return Refused(StatusCodes.Status405MethodNotAllowed, "A stream is read with GET; nothing is sent into it.");
        }

        if (!Accepts(request))
        {
            return Refused(
                StatusCodes.Status406NotAcceptable, "Here is text/event-stream only: accept that, or say nothing of it.");
        }

        var names = NamesIn(request.QueryString).Distinct().ToList();
        if (Check(names, options, session) is { } refusal) return (null, refusal);

        var id = LastId(request);
        return (new SseRequest(names, id.Length == 0 ? null : SseId.Read(id) ?? []), null);
    }

    private static SseRefusal? Check(List<string> names, SseOptions options, SessionOptions session)
    {
        if (names.Count == 0)
        {
            return SseRefusal.Of(ErrorCode.Malformed, "Name a channel: /sse?channel=news, and as many more as you like.");
        }

        if (names.Count > session.MaxKeys)
        {
            return SseRefusal.Of(ErrorCode.LimitExceeded, $"A stream has at most {session.MaxKeys} channels: open several.");
        }

        foreach (var name in names)
        {
            if (!Name.IsValid(name))
            {
                return SseRefusal.Of(ErrorCode.BadKey, "A channel's name has 1 to 255 bytes of UTF-8 without control characters.");
            }

            if (ChannelFilter.IsFilter(name) && !ChannelFilter.IsValid(name))
            {
                return SseRefusal.Of(
                    ErrorCode.BadKey,
                    "In a filter '+' and '#' stand alone on their level, and '#' only on the last; write them %2B and %23.");
            }
        }

        var idBytes = names.Where(name => !ChannelFilter.IsFilter(name))
            .Sum(name => SseId.EncodeHead(name, "").Length + PositionBytes);
        return names.Count == 1 || idBytes <= options.MaxIdBytes
            ? null
            : SseRefusal.Of(
                ErrorCode.LimitExceeded,
                $"Every event says the position of all channels, in at most {options.MaxIdBytes} bytes: open several streams.");
    }

    private static bool Accepts(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Count == 0 || accepted.Any(one => one.Quality is not 0 && EventStream.IsSubsetOf(one));
    }

    // A browser that comes back sends the header, whatever was in the address at first.
    private static string LastId(HttpRequest request)
    {
        var header = request.Headers["Last-Event-ID"].ToString();
        if (header.Length > 0) return header;

        // As a page would write it, or as the header is written.
        var (page, same) = (request.Query["lastEventId"].ToString(), request.Query["Last-Event-ID"].ToString());
        return page.Length > 0 ? page : same;
    }

    private static List<string> NamesIn(QueryString query)
    {
        var names = new List<string>();
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            if (pair.DecodeName().Span is "channel") names.Add(Decode(pair.EncodedValue.ToString()));
        }

        return names;
    }

    // A plus in a query is a blank. But one alone on its level is what somebody writes who means the wildcard and has not
    // encoded it, and a level that is a blank is nobody's.
    private static string Decode(string encoded)
    {
        if (!encoded.Contains('+', StringComparison.Ordinal)) return Uri.UnescapeDataString(encoded);

        var levels = encoded.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/')
            .Select(level => level == "+" ? level : Uri.UnescapeDataString(level.Replace('+', ' ')));
        return string.Join('/', levels);
    }

    private static (SseRequest? Request, SseRefusal? Refusal) Refused(int status, string message) =>
        (null, new SseRefusal(status, ErrorCode.Malformed, message));
}
