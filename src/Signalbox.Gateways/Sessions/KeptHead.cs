using Signalbox.Protocol.Commands;

namespace Signalbox.Gateways.Sessions;

/// <summary>A <see cref="ReplyHead"/> for a reply that comes later than the next command is read.</summary>
internal sealed class KeptHead
{
    private readonly CommandName _name;
    private readonly byte[] _bytes;
    private readonly int _commandBytes;
    private readonly int _keyBytes;

    public KeptHead(scoped ReplyHead head)
    {
        _name = head.Name;
        _commandBytes = head.Command.Length;
        _keyBytes = head.Key.Length;
        _bytes = new byte[_commandBytes + _keyBytes + head.Seq.Length];
        head.Command.CopyTo(_bytes);
        head.Key.CopyTo(_bytes.AsSpan(_commandBytes));
        head.Seq.CopyTo(_bytes.AsSpan(_commandBytes + _keyBytes));
    }

    public ReplyHead Head => new(
        _name,
        _bytes.AsSpan(0, _commandBytes),
        _bytes.AsSpan(_commandBytes, _keyBytes),
        _bytes.AsSpan(_commandBytes + _keyBytes));
}
