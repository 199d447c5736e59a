namespace Signalbox.Gateways.Http;

/// <summary>What a field in the address may be.</summary>
internal enum QueryKind
{
    Text,

    /// <summary>As many texts as one likes, each with the field's name before it. No command has it.</summary>
    Texts,
    Number,
    Flag,
    Duration,

    /// <summary>How long to wait for an item: a duration, which makes the pop a blocking one with a timeout.</summary>
    Wait,
}

/// <summary>A field of a command that is given in the address, and called the same there.</summary>
internal sealed record QueryField(string Name, QueryKind Kind, string Summary, bool IsRequired = false);
