using Signalbox.Gates;

namespace Signalbox.Transport;

/// <summary>The connections of a loop, each under a mark that no other one ever has.</summary>
internal sealed class ConnectionTable
{
    private readonly Gate _gate = new(GateRank.ConnectionTable);
    private readonly Stack<int> _free = new();
    private volatile Slot[] _slots = [];

    private readonly record struct Slot(SocketConnection? Connection, uint Life);

    public ulong Add(SocketConnection connection)
    {
        using (_gate.Enter())
        {
            if (_free.Count == 0) Grow();
            var index = _free.Pop();
            var life = _slots[index].Life + 1;
            _slots[index] = new Slot(connection, life);
            return ((ulong)life << 32) | (uint)index;
        }
    }

    public void Remove(ulong mark)
    {
        var (index, life) = Read(mark);
        using (_gate.Enter())
        {
            if (_slots[index].Life != life || _slots[index].Connection is null) return;
            _slots[index] = new Slot(null, life);
            _free.Push(index);
        }
    }

    public SocketConnection? Find(ulong mark)
    {
        var (index, life) = Read(mark);
        using (_gate.Enter())
        {
            var slot = _slots[index];
            return slot.Life == life ? slot.Connection : null;
        }
    }

    private static (int Index, uint Life) Read(ulong mark) => ((int)(uint)mark, (uint)(mark >> 32));

    private void Grow()
    {
        var before = _slots.Length;
        var slots = new Slot[Math.Max(64, before * 2)];
        _slots.CopyTo(slots, 0);
        _slots = slots;
        for (var index = slots.Length - 1; index >= before; index--) _free.Push(index);
    }
}
