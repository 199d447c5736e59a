using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Core.Names;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Hooks;

/// <summary>Tells the backend what happens to channels, in order, and again until it has understood.</summary>
/// <remarks>
/// Who has news leaves it here and goes on. One task takes what waits, in order, sends it, and sends nothing else until
/// that was answered with 200 or 204. Where too much waits the oldest is given up: what is newer says better how things are.
/// </remarks>
public sealed partial class Notifier : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly HookOptions _options;
    private readonly HookClient _client;
    private readonly TimeProvider _clock;
    private readonly GatewayMetrics _metrics;
    private readonly ILogger<Notifier> _logger;
    private readonly string _node;
    private readonly FilterSet _channels;
    private readonly Channel<News> _waiting;
    private long _lastBatch;
    private long _dropped;

    public Notifier(
        HookOptions options, HookClient client, Node node, GatewayMetrics metrics, TimeProvider clock, ILogger<Notifier> logger)
    {
        _options = options;
        _client = client;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
        _node = node.Id;
        _channels = new FilterSet(options.NotifyChannels.Count == 0 ? ["#"] : options.NotifyChannels);
        _waiting = Channel.CreateBounded<News>(
            new BoundedChannelOptions(options.MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, Drop);
        if (IsOn) node.WatchOccupancy((channel, isOccupied) => Tell(isOccupied ? "channel_occupied" : "channel_vacated", channel, null));
    }

    private bool IsOn => _options.Notify is not null;

    internal void MemberJoined(Session session, string channel) => TellOfMember("member_joined", session, channel);

    internal void MemberLeft(Session session, string channel) => TellOfMember("member_left", session, channel);

    /// <summary>What is left when everybody is gone is sent, if that takes no longer than one answer may.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } sending)
        {
            await Task.WhenAny(sending, Task.Delay(_options.Timeout, _clock, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
        if (_waiting.Reader.Count is > 0 and var left) LogLeft(left);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsOn) return;

        var batch = new List<News>();
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < _options.BatchSize && _waiting.Reader.TryRead(out var news)) batch.Add(news);
            if (batch.Count > 0) await SendAsync(BodyOf(batch), stoppingToken);
            batch.Clear();
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped) LogDropped(dropped, _options.MaxWaiting);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> body, CancellationToken stoppingToken)
    {
        for (var pause = ShortestPause; ; pause = Min(2 * pause, LongestPause))
        {
            var answer = await _client.PostAsync("notify", _options.Notify!, body, stoppingToken); // It runs only where there is one.
            _metrics.HookAsked("notify", answer is null ? "failed" : "allowed");
            if (answer is not null)
            {
                _client.Succeeded("notify");
                return;
            }

            // Several servers must not come back to a backend in step.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), _clock, stoppingToken);
        }
    }

    private void TellOfMember(string @event, Session session, string channel)
    {
        if (!IsOn || !session.Host.Rules.For(channel).Presence) return;

        Tell(@event, channel, new NewsMember(session.Id, session.Peer, session.Identity.User, session.Name));
    }

    private void Tell(string @event, string channel, NewsMember? member)
    {
        if (Name.IsSystem(channel) || !_channels.Covers(channel)) return;

        _waiting.Writer.TryWrite(new News(@event, channel, _clock.GetUtcNow(), member));
    }

    // Called under the gate of whoever has the news: nothing may be logged here.
    private void Drop(News news)
    {
        _metrics.NewsDropped();
        Interlocked.Increment(ref _dropped);
    }

    private ReadOnlyMemory<byte> BodyOf(List<News> batch)
    {
        var body = new JsonBuffer();
        var writer = new ReplyWriter(body);
        writer.BeginObject();
        writer.Property("hook"u8);
        writer.Text("notify"u8);
        writer.Property("node"u8);
        writer.Text(_node);
        writer.Property("batch"u8);
        writer.Number(++_lastBatch);
        writer.Property("events"u8);
        writer.BeginArray();
        foreach (var news in batch)
        {
            writer.Element();
            Write(writer, news);
        }

        writer.EndArray();
        writer.EndObject();
        return body.WrittenMemory;
    }

    private static void Write(ReplyWriter writer, News news)
    {
        writer.BeginObject();
        writer.Property("event"u8);
        writer.Text(news.Event);
        writer.Property("channel"u8);
        writer.Text(news.Channel);
        writer.Property("time"u8);
        writer.Number(news.Time.ToUnixTimeMilliseconds());
        if (news.Member is { } member)
        {
            WriteText(writer, "connection", member.Id);
            WriteText(writer, "peer", member.Peer);
            WriteText(writer, "user", member.User);
            WriteText(writer, "name", member.Name);
        }

        writer.EndObject();
    }

    private static void WriteText(ReplyWriter writer, string name, string? text)
    {
        if (text is null) return;

        writer.TextProperty(name);
        writer.Text(text);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(2411, LogLevel.Warning, "The backend was slow to take news: the oldest {Count} were dropped, since no more than {Most} may wait")]
    private partial void LogDropped(long count, int most);

    [LoggerMessage(2412, LogLevel.Warning, "The server stops, and the backend was not told {Count} news")]
    private partial void LogLeft(int count);
}
