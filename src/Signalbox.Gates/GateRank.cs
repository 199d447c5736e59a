namespace Signalbox.Gates;

/// <summary>
/// Every lock of the server, outermost first: a thread that holds one may enter only those that stand below it here.
/// </summary>
/// <remarks>
/// The order follows a message on its way: a gateway's session asks a machine, the machine appends to the log and looks at
/// the node's audiences, deliveries go into inboxes and queues, and these wake threads. A new lock gets a line of its own,
/// as far down as it can stand.
/// </remarks>
public enum GateRank : byte
{
    None = 0,

    /// <summary>The one thread that writes the log: held while it writes and flushes, and while a checkpoint visits the
    /// shards. Nothing that holds any other gate waits for it.</summary>
    LogWriter,

    /// <summary>One answer to a scrape at a time: its instruments ask everything that counts.</summary>
    MetricsText,

    // Gateways: what belongs to one client, and asks the engine.
    MqttTurns,
    MqttClients,
    MqttShares,
    MqttFigures,
    MqttClient,

    // The cluster engine.
    Arrivals,
    ClusterNode,
    Registrations,
    NodeDirectory,
    InboxQueue,
    PublishLines,
    CallLanes,
    Standstill,

    // The embedded engine: a machine decides, appends and applies.
    Shard,
    HeldDeliveries,
    Log,

    // The node: who listens. Asked by machines for the number of those who get a message.
    NodeRegistry,
    FilterTrie,
    Reaches,
    Audience,
    UserIndex,
    Inbox,

    /// <summary>Names in order, for listings: both machines and nodes have them.</summary>
    NameIndex,

    // A connection's way out, and what waits for it.
    RequestSession,
    PendingReplies,
    Mailbox,
    OutboundQueue,
    WriteLane,

    // Small things that ask nothing of anything else.
    BackgroundWork,
    Deadlines,
    Expiries,
    SharedRates,
    Allowance,
    TokenKey,
    StreamTransport,

    // The transport.
    Transport,
    SocketInput,
    SocketOutput,
    ConnectionTable,
    PostedWork,

    // Innermost: metrics are recorded anywhere. The runtime counts even an exception where it is thrown, under any gate,
    // and an exception out of that ends the process.
    Tallies,
    MetricFamily,
}
