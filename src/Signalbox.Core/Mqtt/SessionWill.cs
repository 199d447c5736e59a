using Signalbox.Core.Payloads;

namespace Signalbox.Core.Mqtt;

/// <summary>What is published for a client that is gone without a word.</summary>
/// <param name="Delay">How long it has to be gone.</param>
public sealed record SessionWill(string Channel, Payload Payload, Headers Headers, bool Retain, TimeSpan Delay, WillAuthor Author);
