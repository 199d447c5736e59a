using Microsoft.AspNetCore.Http;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>Reads the body of a request, which may be as long as allowed and no longer.</summary>
internal static class RequestBody
{
    /// <returns>What to answer instead, where it cannot be taken.</returns>
    public static async ValueTask<Problem?> ReadAsync(HttpRequest request, JsonBuffer into, int maxBytes)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
        {
            const string sentence = "Send the body as it is, without Content-Encoding.";
            return Problem.OfHttp(StatusCodes.Status415UnsupportedMediaType, sentence);
        }

        // What is announced is refused before it is sent; what is not, when there is too much of it.
        if (request.ContentLength > maxBytes) return TooLong(maxBytes);

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(CancellationToken.None);
            var buffer = read.Buffer;
            var isTooLong = (long)into.Length + buffer.Length > maxBytes;
            if (!isTooLong)
            {
                foreach (var piece in buffer) into.Write(piece.Span);
            }

            request.BodyReader.AdvanceTo(buffer.End);
            if (isTooLong) return TooLong(maxBytes);
            if (read.IsCompleted) return null;
        }
    }

    private static Problem TooLong(int maxBytes) =>
        Problem.Of(
            ErrorCode.LimitExceeded, $"A body has at most {maxBytes} bytes here: send less, or raise Http:MaxBodyBytes.");
}
