using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Channels;

/// <param name="Source">Who sends it, as subscribers see it.</param>
/// <param name="Sender">The connection it comes from; null for none.</param>
/// <param name="Retain">Whether it becomes the channel's retained value, whatever the channel's options say.</param>
/// <param name="Id">Idempotency id; null for none.</param>
public sealed record PublishRequest(
    Payload Payload, Headers Headers, string Source, string? Sender, bool Retain, string? Id);
