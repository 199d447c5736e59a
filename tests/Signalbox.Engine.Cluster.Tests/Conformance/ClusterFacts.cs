using Signalbox.Conformance;

namespace Signalbox.Engine.Cluster.Tests.Conformance;

// One clock for all, so one fact at a time.
[Collection("clock")]
public sealed class ClusterHashTests : HashFacts<ClusterSubject>;

[Collection("clock")]
public sealed class ClusterQueueTests : QueueFacts<ClusterSubject>;

[Collection("clock")]
public sealed class ClusterWaitingPopTests : WaitingPopFacts<ClusterSubject>;

[Collection("clock")]
public sealed class ClusterChannelTests : ChannelFacts<ClusterSubject>;

[Collection("clock")]
public sealed class ClusterRecoveryTests : RecoveryFacts<ClusterSubject>;

[Collection("clock")]
public sealed class ClusterPresenceTests : PresenceFacts<ClusterSubject>;
