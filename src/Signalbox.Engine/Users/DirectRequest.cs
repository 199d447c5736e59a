using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Users;

/// <summary>Something for a user, wherever the user is.</summary>
public sealed record DirectRequest(Payload Payload, Headers Headers, string Source);
