using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Engine.Users;

public readonly record struct SpendAnswer(Refusal Refusal, RateState State);
