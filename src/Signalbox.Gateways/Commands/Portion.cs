using Signalbox.Core.Payloads;

namespace Signalbox.Gateways.Commands;

/// <summary>How much of a list goes into one answer: an answer is one frame, which somebody has to hold.</summary>
internal static class Portion
{
    /// <returns>The first of them, as many as have so many bytes together; one at least, so that whoever reads on
    /// gets on.</returns>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> all, int mostBytes, Func<T, (Payload Payload, Headers Headers)> parts)
    {
        long bytes = 0;
        for (var i = 0; i < all.Count; i++)
        {
            var (payload, headers) = parts(all[i]);
            bytes += payload.Length;
            foreach (var (name, text) in headers.Entries) bytes += name.Length + text.Length;
            if (bytes > mostBytes) return i == 0 ? [all[0]] : [.. all.Take(i)];
        }

        return all;
    }
}
