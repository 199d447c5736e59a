using System.Buffers;
using System.Text.Unicode;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt;

/// <summary>What may be a string, and what may be a topic name (sections 1.5.4 and 4.7).</summary>
public static class MqttTopics
{
    private static readonly SearchValues<byte> Wildcards = SearchValues.Create("+#"u8);

    /// <remarks>A byte order mark is a character like any other, and nothing is normalised.</remarks>
    public static bool IsText(ReadOnlySpan<byte> text) => Utf8.IsValid(text) && !text.Contains((byte)0);

    /// <summary>Looks at a name whose text is good.</summary>
    public static bool HasWildcard(ReadOnlySpan<byte> text) => text.ContainsAny(Wildcards);

    internal static MqttError? CheckName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return MqttErrors.TopicNameEmpty;
        return HasWildcard(name) ? MqttErrors.TopicNameWildcard : null;
    }
}
