using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt;

/// <summary>A topic filter, and the group that shares it, if any (sections 4.7.1 and 4.8.2).</summary>
/// <param name="Text">All of it, as it was sent.</param>
/// <param name="Group">The share name of <c>$share/group/filter</c>; empty where nothing is shared.</param>
/// <param name="Filter">What topic names are held against.</param>
public readonly record struct MqttTopicFilter(
    ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Group, ReadOnlyMemory<byte> Filter)
{
    private static ReadOnlySpan<byte> Share => "$share/"u8;

    public bool IsShared => !Group.IsEmpty;

    /// <param name="text">A string that is good as such.</param>
    /// <remarks>
    /// The standards before 5.0 do not know sharing, but their clients use it: there a filter that only looks like a
    /// shared one is an ordinary one.
    /// </remarks>
    public static MqttError? Read(MqttVersion version, ReadOnlyMemory<byte> text, out MqttTopicFilter filter)
    {
        filter = new MqttTopicFilter(text, default, text);
        if (!text.Span.StartsWith(Share)) return Check(text.Span);

        var group = text[Share.Length..];
        var slash = group.Span.IndexOf((byte)'/');
        var isGood = slash > 0 && slash < group.Length - 1 && !MqttTopics.HasWildcard(group.Span[..slash]);
        if (!isGood) return version == MqttVersion.V5 ? MqttErrors.FilterShare : Check(text.Span);

        filter = new MqttTopicFilter(text, group[..slash], group[(slash + 1)..]);
        return Check(filter.Filter.Span);
    }

    private static MqttError? Check(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty) return MqttErrors.FilterEmpty;

        while (true)
        {
            var slash = filter.IndexOf((byte)'/');
            var level = slash < 0 ? filter : filter[..slash];
            if (MqttTopics.HasWildcard(level) && level.Length > 1) return MqttErrors.FilterWildcard;
            if (level.SequenceEqual("#"u8) && slash >= 0) return MqttErrors.FilterWildcard;
            if (slash < 0) return null;
            filter = filter[(slash + 1)..];
        }
    }
}
