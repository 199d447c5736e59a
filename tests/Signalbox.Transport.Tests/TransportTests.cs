using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Signalbox.Transport.Tests;

/// <summary>What handlers of connections rely on. Kestrel's own transport says what is right: it passes too.</summary>
public abstract class TransportTests(bool isOurs)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 100)]
    [InlineData(3, 5_000)]
    [InlineData(4, 100_000)]
    [InlineData(5, 3_000_000)]
    public async Task What_is_sent_in_pieces_of_any_size_comes_back_as_it_was(int seed, int largest)
    {
        await using var host = await StartAsync(EchoAsync);
        var client = await host.ConnectAsync();
        var dice = new Random(seed);
        var sent = Connections.Bytes(Math.Min(8_000_000, largest * 50), seed);

        var back = client.ReadAsync(sent.Length);
        for (var at = 0; at < sent.Length;)
        {
            var count = Math.Min(sent.Length - at, dice.Next(1, largest + 1));
            await client.SendAllAsync(sent.AsMemory(at, count));
            at += count;
        }

        AssertSame(sent, await back);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_500)]
    [InlineData(40_000)]
    [InlineData(1_000_000)]
    public async Task A_reader_may_leave_what_it_has_seen_until_there_is_more(int frame)
    {
        var sent = Connections.Bytes(frame * 5, seed: 7);
        var frames = new List<byte[]>();
        await using var host = await StartAsync(async connection =>
        {
            for (var i = 0; i < 5; i++) frames.Add(await connection.Transport.Input.TakeAsync(frame));
        });
        var client = await host.ConnectAsync();

        foreach (var piece in sent.Chunk(frame * 2 / 3 + 1)) await client.SendAllAsync(piece);
        await EndAsync();

        AssertSame(sent, frames.SelectMany(frame => frame).ToArray());
    }

    [Fact]
    public async Task What_was_not_examined_is_there_at_once()
    {
        var first = "";
        var second = "";
        await using var host = await StartAsync(async connection =>
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAtLeastAsync(4);
            first = Text(read.Buffer.Slice(0, 2));
            input.AdvanceTo(read.Buffer.GetPosition(2), read.Buffer.GetPosition(3));
            Assert.True(input.TryRead(out read));
            second = Text(read.Buffer);
            input.AdvanceTo(read.Buffer.End);
            Assert.False(input.TryRead(out _));
        });
        var client = await host.ConnectAsync();

        await client.SendAllAsync("abcd"u8.ToArray());
        await EndAsync();

        Assert.Equal(("ab", "cd"), (first, second));
    }

    [Fact]
    public async Task A_peer_that_has_said_all_is_read_to_its_end_and_still_answered()
    {
        var sent = Connections.Bytes(200_000, seed: 1);
        await using var host = await StartAsync(async connection =>
        {
            using var all = new MemoryStream();
            await connection.Transport.Input.CopyToAsync(all);
            await connection.Transport.Output.WriteAsync(all.ToArray());
        });
        var client = await host.ConnectAsync();

        await client.SendAllAsync(sent);
        client.Shutdown(SocketShutdown.Send);

        AssertSame(sent, await client.ReadAllAsync());
    }

    [Fact]
    public async Task That_the_peer_has_gone_is_told_while_nobody_reads()
    {
        await using var host = await StartAsync(connection => connection.ConnectionClosed.WhenCancelledAsync());
        var client = await host.ConnectAsync();
        await client.SendAllAsync(new byte[1000]);

        client.Dispose();

        await EndAsync();
    }

    [Fact]
    public async Task A_connection_that_is_reset_fails_its_reader()
    {
        await using var host = await StartAsync(async connection =>
        {
            await Assert.ThrowsAsync<ConnectionResetException>(() => connection.Transport.Input.DropAllAsync());
            await connection.ConnectionClosed.WhenCancelledAsync();
        });
        var client = await host.ConnectAsync();
        await client.SendAllAsync(new byte[10]);

        client.LingerState = new LingerOption(true, 0);
        client.Dispose();

        await EndAsync();
    }

    [Fact]
    public async Task An_abort_ends_whoever_reads_or_writes()
    {
        // A client that is reset before it knows of its connection has none.
        var isConnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(async connection =>
        {
            var reading = connection.Transport.Input.DropAllAsync();
            var writing = FillAsync(connection.Transport.Output);
            await isConnected.Task;
            connection.Abort(new ConnectionAbortedException("Enough."));
            await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading);
            await writing;
            await connection.ConnectionClosed.WhenCancelledAsync();
        });
        await host.ConnectAsync();
        isConnected.SetResult();

        await EndAsync();
    }

    [Fact]
    public async Task A_flush_is_done_when_the_peer_has_room_for_all_of_it()
    {
        var sent = Connections.Bytes(20_000_000, seed: 3);
        var waited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(async connection =>
        {
            var flush = connection.Transport.Output.WriteAsync(sent);
            Assert.False(flush.IsCompleted);
            waited.SetResult();
            Assert.False((await flush).IsCompleted);
            await connection.Transport.Output.WriteAsync("!"u8.ToArray());
        });
        var client = await host.ConnectAsync();

        await waited.Task.WaitAsync(Connections.Patience, Cancellation);
        var received = await client.ReadAllAsync();

        AssertSame([.. sent, .. "!"u8], received);
    }

    [Fact]
    public async Task What_was_written_last_goes_out_before_the_connection_ends()
    {
        var sent = Connections.Bytes(5_000_000, seed: 4);
        await using var host = await StartAsync(connection =>
        {
            connection.Transport.Output.Write(sent);
            return Task.CompletedTask;
        });
        var client = await host.ConnectAsync();

        AssertSame(sent, await client.ReadAllAsync());
    }

    [Fact]
    public async Task A_read_can_be_given_up_and_begun_again()
    {
        await using var host = await StartAsync(async connection =>
        {
            var input = connection.Transport.Input;
            using var over = new CancellationTokenSource();
            var first = input.ReadAsync(over.Token);
            await over.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await first);

            var second = input.ReadAsync();
            input.CancelPendingRead();
            var read = await second;
            Assert.True(read.IsCanceled);
            input.AdvanceTo(read.Buffer.Start);

            await connection.Transport.Output.WriteAsync("go"u8.ToArray());
            Assert.Equal("abc"u8.ToArray(), await input.TakeAsync(3));
        });
        var client = await host.ConnectAsync();

        await client.ReadAsync(2);
        await client.SendAllAsync("abc"u8.ToArray());

        await EndAsync();
    }

    [Fact]
    public async Task A_flush_can_be_given_up()
    {
        // A client that is reset before it knows of its connection has none.
        var isConnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(async connection =>
        {
            var output = connection.Transport.Output;
            var flush = output.WriteAsync(new byte[20_000_000]);
            output.CancelPendingFlush();
            Assert.True((await flush).IsCanceled);
            await isConnected.Task;
            connection.Abort();
        });
        await host.ConnectAsync();
        isConnected.SetResult();

        await EndAsync();
    }

    [Fact]
    public async Task Who_talks_without_end_holds_up_nobody()
    {
        await using var host = await StartAsync(EchoAsync, isOver: false);
        using var over = new CancellationTokenSource();
        var talking = Enumerable.Range(0, Environment.ProcessorCount * 2).Select(async _ =>
        {
            var talker = await host.ConnectAsync();
            var draining = talker.ReadAllAsync();
            while (!over.IsCancellationRequested) await talker.SendAllAsync(new byte[100_000]);
            talker.Shutdown(SocketShutdown.Send);
            await draining;
        }).ToArray();

        for (var i = 0; i < 20; i++)
        {
            var client = await host.ConnectAsync();
            await client.SendAllAsync("ping"u8.ToArray());
            Assert.Equal("ping"u8.ToArray(), await client.ReadAsync(4));
        }

        await over.CancelAsync();
        await Task.WhenAll(talking).WaitAsync(Connections.Patience, Cancellation);
    }

    [Fact]
    public async Task A_connection_knows_both_ends_and_has_a_name_of_its_own()
    {
        var names = new List<string>();
        var remote = "";
        var local = "";
        await using var host = await StartAsync(
            connection =>
            {
                lock (names) names.Add(connection.ConnectionId);
                (remote, local) = ($"{connection.RemoteEndPoint}", $"{connection.LocalEndPoint}");
                return connection.Transport.Input.DropAllAsync();
            },
            isOver: false);

        var first = await host.ConnectAsync();
        var ends = ($"{first.LocalEndPoint}", $"{first.RemoteEndPoint}");
        first.Shutdown(SocketShutdown.Send);
        await first.ReadAllAsync();

        Assert.Equal(ends, (remote, local));
        var second = await host.ConnectAsync();
        second.Shutdown(SocketShutdown.Send);
        await second.ReadAllAsync();
        Assert.Equal(2, names.Distinct().Count());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // An assertion that looks at millions of bytes one by one takes seconds.
    private static void AssertSame(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(expected.Length, expected.AsSpan().CommonPrefixLength(actual));
    }

    private static string Text(ReadOnlySequence<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.ToArray());

    private static async Task FillAsync(PipeWriter output)
    {
        while (true)
        {
            var flushed = await output.WriteAsync(new byte[1_000_000]);
            if (flushed.IsCompleted) return;
        }
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        while (true)
        {
            var read = await input.ReadAsync();
            foreach (var piece in read.Buffer) output.Write(piece.Span);
            input.AdvanceTo(read.Buffer.End);
            await output.FlushAsync();
            if (read.IsCompleted) return;
        }
    }

    /// <summary>Completes when the handler has, as it has.</summary>
    private Task EndAsync() => _done.Task.WaitAsync(Connections.Patience, Cancellation);

    private Task<TransportHost> StartAsync(Func<ConnectionContext, Task> handler, bool isOver = true) =>
        TransportHost.StartAsync(isOurs, async connection =>
        {
            try
            {
                await handler(connection);
                if (isOver) _done.TrySetResult();
            }
            catch (Exception e) when (isOver)
            {
                _done.TrySetException(e);
            }
        });
}
