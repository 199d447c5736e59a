using System.Buffers;
using BenchmarkDotNet.Attributes;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Binary;

namespace Signalbox.Benchmarks;

/// <summary>A fact in its binary form: what the log and the journal write of each set.</summary>
[MemoryDiagnoser]
public class FactBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly KeySet _set = new(
        new Payload(new byte[128], PayloadKind.Text), Version: 1_795_336_391_271_020, ExpiresAt: null, Id: null, RememberUntil: default);

    [Benchmark]
    public int Write()
    {
        _output.ResetWrittenCount();
        BinaryForm.Write(_output, _set);
        return _output.WrittenCount;
    }
}
