using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Metrics;

/// <summary>How commands end, as metrics call it: <c>ok</c>, or the name of the error.</summary>
internal static class Outcomes
{
    private const int LargestCode = 999;

    private static readonly ErrorEntry[] Errors = [.. ErrorTable.All.OrderBy(entry => entry.Code)];

    // The place of each code among the outcomes: what is counted by it is counted for every command.
    private static readonly byte[] Places = PlacesOfCodes();

    public static int Count => Errors.Length + 1;

    /// <param name="code">An error's number; 0 for none.</param>
    public static int PlaceOf(int code) => Places[code];

    public static string NameOf(int place) => place == 0 ? "ok" : Errors[place - 1].Name;

    /// <summary>The error that a reply tells of; 0 where it is none.</summary>
    /// <param name="reply">As it was written.</param>
    public static int CodeOf(ReadOnlySpan<byte> reply)
    {
        var head = "{\"command\":\"error\",\"code\":"u8;
        if (!reply.StartsWith(head)) return 0;

        var digits = reply[head.Length..];
        return ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + (digits[2] - '0');
    }

    private static byte[] PlacesOfCodes()
    {
        var places = new byte[LargestCode + 1];
        for (var i = 0; i < Errors.Length; i++) places[(int)Errors[i].Code] = (byte)(i + 1);
        return places;
    }
}
