using System.Text;
using BenchmarkDotNet.Attributes;
using Signalbox.Protocol.Commands;

namespace Signalbox.Benchmarks;

/// <summary>Reading a command of 200 bytes.</summary>
[MemoryDiagnoser]
public class CommandBenchmarks
{
    private readonly Command _command = new();
    private readonly byte[] _body = Encoding.UTF8.GetBytes(
        $"{{\"command\":\"set\",\"key\":\"00001234\",\"value\":\"{new string('x', 128)}\",\"seq\":\"1\"}}");

    [Benchmark]
    public CommandReadStatus Read() => _command.Read(_body);
}
