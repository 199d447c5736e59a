namespace Signalbox.Protocol.Commands;

/// <summary>Every field that a command may have. Fields of other names are skipped.</summary>
public enum CommandField : byte
{
    None = 0,
    Command,
    Key,
    Seq,
    Value,
    Since,
    Epoch,
    Id,

    /// <summary>The sender's headers: an object of name to text. On the wire <c>user</c>, or <c>headers</c>.</summary>
    User,
    Expire,
    Ttl,
    If,
    By,
    Prefix,
    Cursor,
    Limit,
    Reverse,
    Block,
    Timeout,
    Reserve,
    Delay,
    Priority,
    Receipt,
    Lease,
    Loop,
    Token,
    Name,
    ServerId,
    WorkerId,
    Compression,
    Retain,
    Encoding,
    TraceParent,
}
