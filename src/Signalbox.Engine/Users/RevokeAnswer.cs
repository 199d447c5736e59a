using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Users;

/// <param name="Cut">How many connections there were to cut.</param>
public readonly record struct RevokeAnswer(Refusal Refusal, int Cut);
