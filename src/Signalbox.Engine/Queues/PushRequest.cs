using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Queues;

/// <param name="Priority">Higher comes out first; equal priorities in order of arrival.</param>
/// <param name="Id">Dedupe id; null for none.</param>
public sealed record PushRequest(
    Payload Payload, Headers Headers, int Priority, TimeSpan Delay, TimeSpan? Ttl, string? Id);
