namespace Signalbox.Protocol.Commands;

/// <summary>Between a command and its UTF-8 name on the wire. Case counts.</summary>
public static class CommandNames
{
    // The longest name; what is longer is not looked at.
    internal const int MaxBytes = 11;

    /// <returns>The command, or <see cref="CommandName.None"/> when there is none of this name.</returns>
    // By length first: what is left are a few comparisons of a constant, cheaper than hashing the name.
    public static CommandName Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 => name.SequenceEqual("set"u8) ? CommandName.Set
            : name.SequenceEqual("get"u8) ? CommandName.Get
            : CommandName.None,
        4 => name.SequenceEqual("qpop"u8) ? CommandName.QPop
            : name.SequenceEqual("qack"u8) ? CommandName.QAck
            : name.SequenceEqual("ping"u8) ? CommandName.Ping
            : name.SequenceEqual("incr"u8) ? CommandName.Incr
            : name.SequenceEqual("keys"u8) ? CommandName.Keys
            : name.SequenceEqual("send"u8) ? CommandName.Send
            : name.SequenceEqual("user"u8) ? CommandName.User
            : CommandName.None,
        5 => name.SequenceEqual("qpush"u8) ? CommandName.QPush
            : name.SequenceEqual("count"u8) ? CommandName.Count
            : name.SequenceEqual("hello"u8) ? CommandName.Hello
            : name.SequenceEqual("qnack"u8) ? CommandName.QNack
            : name.SequenceEqual("qpeek"u8) ? CommandName.QPeek
            : name.SequenceEqual("quota"u8) ? CommandName.Quota
            : CommandName.None,
        6 => name.SequenceEqual("delete"u8) ? CommandName.Delete
            : name.SequenceEqual("qcount"u8) ? CommandName.QCount
            : name.SequenceEqual("queues"u8) ? CommandName.Queues
            : name.SequenceEqual("revoke"u8) ? CommandName.Revoke
            : name.SequenceEqual("qdelte"u8) ? CommandName.QDelete
            : CommandName.None,
        7 => name.SequenceEqual("publish"u8) ? CommandName.Publish
            : name.SequenceEqual("history"u8) ? CommandName.History
            : name.SequenceEqual("qdelete"u8) ? CommandName.QDelete
            : name.SequenceEqual("qextend"u8) ? CommandName.QExtend
            : name.SequenceEqual("cluster"u8) ? CommandName.Cluster
            : CommandName.None,
        8 => name.SequenceEqual("channels"u8) ? CommandName.Channels
            : name.SequenceEqual("presence"u8) ? CommandName.Presence
            : name.SequenceEqual("broadcat"u8) ? CommandName.Broadcast
            : CommandName.None,
        9 => name.SequenceEqual("subscribe"u8) ? CommandName.Subscribe
            : name.SequenceEqual("broadcast"u8) ? CommandName.Broadcast
            : name.SequenceEqual("deleteall"u8) ? CommandName.DeleteAll
            : CommandName.None,
        10 => name.SequenceEqual("qdeleteall"u8) ? CommandName.QDeleteAll
            : name.SequenceEqual("disconnect"u8) ? CommandName.Disconnect
            : CommandName.None,
        11 => name.SequenceEqual("unsubscribe"u8) ? CommandName.Unsubscribe : CommandName.None,
        _ => CommandName.None,
    };

    /// <summary>The name as the wire spells it, rightly.</summary>
    public static ReadOnlySpan<byte> Utf8Of(CommandName command) => command switch
    {
        CommandName.Subscribe => "subscribe"u8,
        CommandName.Unsubscribe => "unsubscribe"u8,
        CommandName.Publish => "publish"u8,
        CommandName.Broadcast => "broadcast"u8,
        CommandName.Channels => "channels"u8,
        CommandName.Set => "set"u8,
        CommandName.Get => "get"u8,
        CommandName.Delete => "delete"u8,
        CommandName.Count => "count"u8,
        CommandName.DeleteAll => "deleteall"u8,
        CommandName.QPush => "qpush"u8,
        CommandName.QPop => "qpop"u8,
        CommandName.QCount => "qcount"u8,
        CommandName.QDelete => "qdelete"u8,
        CommandName.QDeleteAll => "qdeleteall"u8,
        CommandName.Hello => "hello"u8,
        CommandName.Ping => "ping"u8,
        CommandName.History => "history"u8,
        CommandName.Presence => "presence"u8,
        CommandName.Incr => "incr"u8,
        CommandName.Keys => "keys"u8,
        CommandName.QAck => "qack"u8,
        CommandName.QNack => "qnack"u8,
        CommandName.QExtend => "qextend"u8,
        CommandName.QPeek => "qpeek"u8,
        CommandName.Queues => "queues"u8,
        CommandName.Quota => "quota"u8,
        CommandName.Send => "send"u8,
        CommandName.User => "user"u8,
        CommandName.Disconnect => "disconnect"u8,
        CommandName.Revoke => "revoke"u8,
        CommandName.Cluster => "cluster"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };
}
