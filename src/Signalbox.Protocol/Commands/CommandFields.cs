namespace Signalbox.Protocol.Commands;

/// <summary>Between a field and its UTF-8 name on the wire. Case counts.</summary>
public static class CommandFields
{
    // The longest name; what is longer is not looked at.
    internal const int MaxBytes = 11;

    internal const int Count = (int)CommandField.TraceParent + 1;

    /// <returns>The field, or <see cref="CommandField.None"/> when no command has one of this name.</returns>
    // By length first: what is left are a few comparisons of a constant, cheaper than hashing the name.
    public static CommandField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => name.SequenceEqual("id"u8) ? CommandField.Id
            : name.SequenceEqual("if"u8) ? CommandField.If
            : name.SequenceEqual("by"u8) ? CommandField.By
            : CommandField.None,
        3 => name.SequenceEqual("key"u8) ? CommandField.Key
            : name.SequenceEqual("seq"u8) ? CommandField.Seq
            : name.SequenceEqual("ttl"u8) ? CommandField.Ttl
            : CommandField.None,
        4 => name.SequenceEqual("loop"u8) ? CommandField.Loop
            : name.SequenceEqual("user"u8) ? CommandField.User
            : name.SequenceEqual("name"u8) ? CommandField.Name
            : CommandField.None,
        5 => FindFive(name),
        6 => name.SequenceEqual("expire"u8) ? CommandField.Expire
            : name.SequenceEqual("prefix"u8) ? CommandField.Prefix
            : name.SequenceEqual("cursor"u8) ? CommandField.Cursor
            : name.SequenceEqual("retain"u8) ? CommandField.Retain
            : CommandField.None,
        7 => name.SequenceEqual("command"u8) ? CommandField.Command
            : name.SequenceEqual("timeout"u8) ? CommandField.Timeout
            : name.SequenceEqual("reserve"u8) ? CommandField.Reserve
            : name.SequenceEqual("receipt"u8) ? CommandField.Receipt
            : name.SequenceEqual("reverse"u8) ? CommandField.Reverse
            : name.SequenceEqual("headers"u8) ? CommandField.User
            : CommandField.None,
        8 => name.SequenceEqual("priority"u8) ? CommandField.Priority
            : name.SequenceEqual("encoding"u8) ? CommandField.Encoding
            : CommandField.None,
        9 => name.SequenceEqual("server_id"u8) ? CommandField.ServerId
            : name.SequenceEqual("worker_id"u8) ? CommandField.WorkerId
            : CommandField.None,
        11 => name.SequenceEqual("traceparent"u8) ? CommandField.TraceParent
            : name.SequenceEqual("compression"u8) ? CommandField.Compression
            : CommandField.None,
        _ => CommandField.None,
    };

    /// <summary>The name for a sentence to the client's author.</summary>
    public static string NameOf(CommandField field) => field switch
    {
        CommandField.ServerId => "server_id",
        CommandField.WorkerId => "worker_id",
        _ when Enum.IsDefined(field) && field != CommandField.None => field.ToString().ToLowerInvariant(),
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private static CommandField FindFive(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("value"u8) ? CommandField.Value
        : name.SequenceEqual("block"u8) ? CommandField.Block
        : name.SequenceEqual("delay"u8) ? CommandField.Delay
        : name.SequenceEqual("since"u8) ? CommandField.Since
        : name.SequenceEqual("epoch"u8) ? CommandField.Epoch
        : name.SequenceEqual("limit"u8) ? CommandField.Limit
        : name.SequenceEqual("lease"u8) ? CommandField.Lease
        : name.SequenceEqual("token"u8) ? CommandField.Token
        : CommandField.None;
}
