using Signalbox.Client;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests.Loads;

/// <summary>Reads a channel until a last message, and keeps all that it is told.</summary>
internal sealed class Follower
{
    private readonly List<Message> _messages = [];
    private readonly List<Gap> _gaps = [];
    private readonly string _end;
    private Task _reading = Task.CompletedTask;

    private Follower(string channel, string end)
    {
        Channel = channel;
        _end = end;
    }

    public string Channel { get; }

    public static async Task<Follower> StartAsync(SignalboxClient client, string channel, string end)
    {
        var follower = new Follower(channel, end);
        var subscription = await client.SubscribeAsync(channel, new SubscribeOptions { OnGap = follower._gaps.Add });
        follower._reading = follower.ReadAsync(subscription);
        return follower;
    }

    public async Task EndAsync()
    {
        try
        {
            await _reading.WaitAsync(Child.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"A follower of {Channel} is stuck behind {_messages.LastOrDefault()?.Offset}.");
        }
    }

    /// <summary>From its first message on it saw what is kept: each once, in order, with nothing left out.</summary>
    public void Check(IReadOnlyDictionary<long, string> kept)
    {
        Assert.Empty(_gaps);
        Assert.Single(_messages.Select(message => message.Position?.Epoch).Distinct());
        var first = _messages[0].Offset;
        Assert.Equal(Enumerable.Range(0, _messages.Count).Select(i => first + i), _messages.Select(message => message.Offset));
        foreach (var message in _messages) Assert.Equal(kept[message.Offset], message.Text);
    }

    private async Task ReadAsync(Subscription subscription)
    {
        await foreach (var message in subscription)
        {
            _messages.Add(message);
            if (message.Text == _end) return;
        }
    }
}
