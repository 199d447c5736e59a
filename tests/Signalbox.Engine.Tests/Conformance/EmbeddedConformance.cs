using Signalbox.Conformance;

namespace Signalbox.Engine.Tests.Conformance;

public sealed class EmbeddedChannelTests : ChannelFacts<EmbeddedSubject>;

public sealed class EmbeddedRecoveryTests : RecoveryFacts<EmbeddedSubject>;

public sealed class EmbeddedPresenceTests : PresenceFacts<EmbeddedSubject>;

public sealed class EmbeddedHashTests : HashFacts<EmbeddedSubject>;

public sealed class EmbeddedQueueTests : QueueFacts<EmbeddedSubject>;

public sealed class EmbeddedWaitingPopTests : WaitingPopFacts<EmbeddedSubject>;
