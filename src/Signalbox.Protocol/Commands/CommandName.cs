namespace Signalbox.Protocol.Commands;

/// <summary>Every command there is, once: misspellings that live on the wire are the command they mean.</summary>
public enum CommandName : byte
{
    None = 0,
    Subscribe,
    Unsubscribe,
    Publish,
    Broadcast,
    Channels,
    Set,
    Get,
    Delete,
    Count,
    DeleteAll,
    QPush,
    QPop,
    QCount,
    QDelete,
    QDeleteAll,
    Hello,
    Ping,
    History,
    Presence,
    Incr,
    Keys,
    QAck,
    QNack,
    QExtend,
    QPeek,
    Queues,
    Quota,
}
