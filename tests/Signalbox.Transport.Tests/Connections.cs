using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Signalbox.Transport.Tests;

/// <summary>What the tests do with connections again and again.</summary>
internal static class Connections
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Reads exactly as many bytes.</summary>
    public static async Task<byte[]> ReadAsync(this Socket socket, int count)
    {
        var bytes = new byte[count];
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }

    /// <summary>Reads to the end.</summary>
    public static async Task<byte[]> ReadAllAsync(this Socket socket)
    {
        using var all = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (await socket.ReceiveAsync(piece).WaitAsync(Patience) is > 0 and var count) await all.WriteAsync(piece.AsMemory(0, count));
        return all.ToArray();
    }

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>Reads until there are as many bytes, without consuming any before.</summary>
    public static async Task<byte[]> TakeAsync(this PipeReader reader, int count)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.Length >= count)
            {
                var taken = read.Buffer.Slice(0, count);
                var bytes = taken.ToArray();
                reader.AdvanceTo(taken.End);
                return bytes;
            }

            Assert.False(read.IsCompleted, "The peer is done before its time.");
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads and drops to the end.</summary>
    public static async Task DropAllAsync(this PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    public static Task WhenCancelledAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(cancelled.SetResult);
        return cancelled.Task.WaitAsync(Patience, CancellationToken.None);
    }
}
