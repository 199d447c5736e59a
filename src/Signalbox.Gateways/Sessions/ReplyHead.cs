using Signalbox.Protocol.Commands;

namespace Signalbox.Gateways.Sessions;

/// <summary>What a reply repeats of its command, as it was sent.</summary>
internal readonly ref struct ReplyHead
{
    public ReplyHead(Command command)
    {
        Name = command.Name;
        Command = command.RawCommand;
        Key = command.RawKey;
        Seq = command.RawSeq;
    }

    public ReplyHead(CommandName name, ReadOnlySpan<byte> command, ReadOnlySpan<byte> key, ReadOnlySpan<byte> seq)
    {
        Name = name;
        Command = command;
        Key = key;
        Seq = seq;
    }

    /// <summary>The command that it is, however it was spelt.</summary>
    public CommandName Name { get; }

    public ReadOnlySpan<byte> Command { get; }

    /// <summary>Empty where the command has none.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Empty where the client wants no answer.</summary>
    public ReadOnlySpan<byte> Seq { get; }

    /// <summary>A copy that outlives the command.</summary>
    public KeptHead Keep() => new(this);
}
