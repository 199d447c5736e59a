using Signalbox.Core.Payloads;

namespace Signalbox.Core.Mqtt;

/// <summary>One subscription of a session, and how it is meant.</summary>
/// <param name="Filter">The filter that topics are held against: of a shared subscription what stands behind its group.</param>
/// <param name="Group">Who shares it; null for nobody.</param>
/// <param name="Most">The most that was granted.</param>
/// <param name="NoLocal">Nothing that the session's own client publishes.</param>
/// <param name="RetainAsPublished">Live messages keep the publisher's retain flag.</param>
/// <param name="Identifier">What the client calls it; 0 for nothing.</param>
public sealed record SessionSubscription(
    string Filter, string? Group, Quality Most, bool NoLocal, bool RetainAsPublished, uint Identifier)
{
    /// <summary>Whether its messages look the same for everybody who subscribes like this, whatever comes.</summary>
    public bool IsPlain => Most == Quality.AtMostOnce && !NoLocal && Identifier == 0 && Group is null;

    /// <summary>What the client unsubscribes by.</summary>
    public string Key => KeyOf(Group, Filter);

    public static string KeyOf(string? group, string filter) => group is null ? filter : $"$share/{group}/{filter}";
}
