using System.Buffers.Text;
using Signalbox.Core.Queues;

namespace Signalbox.Gateways.Commands;

/// <summary>A receipt as clients see it: a text that they give back as it is.</summary>
internal static class Receipts
{
    public static string Format(Receipt receipt) => $"{receipt.Item}-{receipt.Lease}";

    public static bool TryParse(ReadOnlySpan<byte> text, out Receipt receipt)
    {
        receipt = default;
        if (!Utf8Parser.TryParse(text, out long item, out var used) || item < 0) return false;
        if (used >= text.Length || text[used] != '-') return false;
        if (!Utf8Parser.TryParse(text[(used + 1)..], out int lease, out var rest) || lease < 0) return false;
        if (used + 1 + rest != text.Length) return false;

        receipt = new Receipt(item, lease);
        return true;
    }
}
