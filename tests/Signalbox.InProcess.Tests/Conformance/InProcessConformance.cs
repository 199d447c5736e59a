using Signalbox.Conformance;

namespace Signalbox.InProcess.Tests.Conformance;

public sealed class InProcessChannelTests : ChannelFacts<InProcessSubject>;

public sealed class InProcessRecoveryTests : RecoveryFacts<InProcessSubject>;

public sealed class InProcessPresenceTests : PresenceFacts<InProcessSubject>;

public sealed class InProcessHashTests : HashFacts<InProcessSubject>;

public sealed class InProcessQueueTests : QueueFacts<InProcessSubject>;

public sealed class InProcessWaitingPopTests : WaitingPopFacts<InProcessSubject>;
