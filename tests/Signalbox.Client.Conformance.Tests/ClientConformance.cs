using Signalbox.Conformance;

namespace Signalbox.Client.Conformance.Tests;

public sealed class ClientChannelTests : ChannelFacts<ClientSubject>;

public sealed class ClientRecoveryTests : RecoveryFacts<ClientSubject>;

public sealed class ClientPresenceTests : PresenceFacts<ClientSubject>;

public sealed class ClientHashTests : HashFacts<ClientSubject>;

public sealed class ClientQueueTests : QueueFacts<ClientSubject>;

public sealed class ClientWaitingPopTests : WaitingPopFacts<ClientSubject>;
