using System.Buffers;
using System.Diagnostics;

namespace Signalbox.Transport;

/// <summary>A piece of memory that bytes come into or go out of, and a link in a chain of them.</summary>
internal sealed class Block : ReadOnlySequenceSegment<byte>
{
    private readonly byte[] _bytes;
    private int _end;

    public Block(int sizeBytes)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(sizeBytes);
    }

    public int Size => _bytes.Length;

    /// <summary>Where the bytes begin that are still wanted.</summary>
    public int Start { get; set; }

    public int End
    {
        get => _end;
        set
        {
            Debug.Assert(value <= _bytes.Length);
            _end = value;
            Memory = new ReadOnlyMemory<byte>(_bytes, 0, value);
        }
    }

    public int Length => _end - Start;

    public int Room => _bytes.Length - _end;

    public Block? NextBlock => (Block?)Next;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(Start, _end - Start);

    public Memory<byte> Free => _bytes.AsMemory(_end);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_end));
        End += bytes.Length;
    }

    /// <summary>Makes this the block before another one.</summary>
    public void Link(Block next)
    {
        next.RunningIndex = RunningIndex + _end;
        Next = next;
    }

    public void Clear()
    {
        Start = 0;
        End = 0;
        Next = null;
        RunningIndex = 0;
    }
}
