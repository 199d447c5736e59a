namespace Signalbox.Gateways.Outbound;

/// <summary>Messages of a channel that a slow reader was not given: from one offset to another, both included.</summary>
internal sealed record Gap(string Channel, long From, long To);
