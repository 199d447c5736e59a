using Signalbox.Client;

namespace Signalbox.Server.Tests.Recovery;

/// <summary>The client library on the dispatcher's port, which comes back by itself.</summary>
internal sealed class TcpFollower : Follower
{
    private readonly SignalboxClient _client;

    public TcpFollower(int port, int seed)
        : base(port, seed)
    {
        var options = new SignalboxClientOptions { ReconnectDelay = TimeSpan.FromMilliseconds(5) };
        options.Endpoints.Add(Cable.Endpoint);
        _client = new SignalboxClient(options);
    }

    public override async Task FollowAsync()
    {
        await using var messages = await _client.SubscribeAsync(
            Channel, new SubscribeOptions { OnGap = gap => Assert.Fail($"There is a gap: {gap}") });
        IsReady();
        await foreach (var message in messages)
        {
            Note(message.Offset, message.Text);
            if (IsDone) return;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await base.DisposeAsync();
    }
}
