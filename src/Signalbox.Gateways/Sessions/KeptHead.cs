using Signalbox.Protocol.Commands;

namespace Signalbox.Gateways.Sessions;

/// <summary>A <see cref="ReplyHead"/> for a reply that comes later than the next command is read.</summary>
internal sealed record KeptHead(CommandName Name, byte[] Command, byte[] Key, byte[] Seq)
{
    public ReplyHead Head => new(Name, Command, Key, Seq);
}
