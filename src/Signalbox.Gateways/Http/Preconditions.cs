using System.Globalization;
using Microsoft.AspNetCore.Http;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>A key's version as an entity tag (RFC 9110), and the conditions that are made of it.</summary>
internal static class Preconditions
{
    public static string TagOf(long version) => $"\"{version}\"";

    /// <summary>Whether the client has this version already.</summary>
    public static bool IsKnown(HttpRequest request, long version)
    {
        var tag = TagOf(version);
        foreach (var tags in request.Headers.IfNoneMatch)
        {
            // Our tags have no commas in them.
            foreach (var one in (tags ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                // A cache on the way may have made it a weak one.
                if (one == "*" || one == tag || one == $"W/{tag}") return true;
            }
        }

        return false;
    }

    /// <summary>Writes the condition of a change, if it has one.</summary>
    /// <returns>What to answer instead, where it is none that can be kept.</returns>
    public static Problem? Write(HttpRequest request, ReplyWriter command)
    {
        var match = request.Headers.IfMatch.ToString();
        var noneMatch = request.Headers.IfNoneMatch.ToString();
        switch (match, noneMatch)
        {
            case ("", ""):
                return null;

            case ("*", ""):
                WriteIf(command, "\"present\""u8);
                return null;

            case ("", "*"):
                WriteIf(command, "\"absent\""u8);
                return null;

            case (['"', .. var digits, '"'], "") when IsVersion(digits):
                command.Property("if"u8);
                command.Number(long.Parse(digits, CultureInfo.InvariantCulture));
                return null;

            // A tag that we never gave: the key cannot be at that version.
            case (['"', .., '"'], "") when !match.Contains(',', StringComparison.Ordinal):
                const string never = "The key was never at this version.";
                return new Problem(StatusCodes.Status412PreconditionFailed, ErrorCode.Conflict, never);

            default:
                return Problem.Of(
                    ErrorCode.Malformed,
                    "A change takes one condition: 'If-Match: \"VERSION\"', 'If-Match: *' or 'If-None-Match: *'.");
        }
    }

    private static bool IsVersion(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static void WriteIf(ReplyWriter command, ReadOnlySpan<byte> raw)
    {
        command.Property("if"u8);
        command.Raw(raw);
    }
}
