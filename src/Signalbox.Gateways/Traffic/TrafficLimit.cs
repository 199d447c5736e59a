namespace Signalbox.Gateways.Traffic;

/// <summary>One limit of what may be sent, and how it stands.</summary>
/// <param name="Of">Who shares it: connection, user, address.</param>
/// <param name="What">What it counts: commands, bytes.</param>
internal readonly record struct TrafficLimit(string Of, string What, RateReading Reading);
