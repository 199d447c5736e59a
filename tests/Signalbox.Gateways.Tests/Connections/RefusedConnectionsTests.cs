using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Signalbox.Gateways.Connections;
using Signalbox.TestKit;
using Signalbox.Transport;

namespace Signalbox.Gateways.Tests.Connections;

/// <summary>Who was told is read on for a moment: with bytes unread the connection would be reset, and the answer lost.</summary>
public sealed class RefusedConnectionsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private readonly Pipe _toServer = new();
    private readonly Pipe _toPeer = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Until_the_peer_closes_what_it_sends_is_taken()
    {
        var telling = Tell();
        Assert.Contains("too_many_connections", await ReadAsync(), StringComparison.Ordinal);

        await _toServer.Writer.WriteAsync(new byte[10_000], Cancelled);
        Assert.False(telling.IsCompleted);
        await _toServer.Writer.CompleteAsync();

        await telling.WaitAsync(Patience, Cancelled);
    }

    [Fact]
    public async Task Who_is_quiet_is_waited_for_no_longer()
    {
        var telling = Tell();
        await ReadAsync();
        Assert.False(telling.IsCompleted);

        _clock.Pass(TimeSpan.FromSeconds(1));

        await telling.WaitAsync(Patience, Cancelled);
    }

    private Task Tell()
    {
        var builder = new ConnectionBuilder(new ServiceCollection().AddSingleton<TimeProvider>(_clock).BuildServiceProvider());
        RefusedConnections.Tell(builder, TcpRefusal.TellAsync);
        var connection = new DefaultConnectionContext("refused") { Transport = new Duplex(_toServer.Reader, _toPeer.Writer) };
        connection.Features.Set<IConnectionPlaceFeature>(new Refused());
        return builder.Build()(connection);
    }

    private async Task<string> ReadAsync()
    {
        var read = await _toPeer.Reader.ReadAsync(Cancelled).AsTask().WaitAsync(Patience, Cancelled);
        return Encoding.UTF8.GetString(read.Buffer);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed record Refused : IConnectionPlaceFeature
    {
        public ConnectionPlace Place => ConnectionPlace.Refusal;
    }
}
