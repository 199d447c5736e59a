using Signalbox.Conformance;

namespace Signalbox.WebSockets.Conformance.Tests;

public sealed class WebSocketChannelTests : ChannelFacts<WebSocketSubject>;

public sealed class WebSocketRecoveryTests : RecoveryFacts<WebSocketSubject>;

public sealed class WebSocketPresenceTests : PresenceFacts<WebSocketSubject>;

public sealed class WebSocketHashTests : HashFacts<WebSocketSubject>;

public sealed class WebSocketQueueTests : QueueFacts<WebSocketSubject>;

public sealed class WebSocketWaitingPopTests : WaitingPopFacts<WebSocketSubject>;
