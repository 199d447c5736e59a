using Signalbox.Core.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;

namespace Signalbox.Gateways.Mqtt;

/// <summary>One shared subscription: each message goes to one of its clients, in turn, those that are connected first.</summary>
internal sealed class MqttShare(string key) : Subscriber(key, "shared")
{
    private readonly TaskCompletionSource<Subscription> _place = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MqttClient[] _clients = [];
    private uint _next;

    /// <remarks>Under the gate of all shares.</remarks>
    public void Add(MqttClient client)
    {
        if (!_clients.Contains(client)) _clients = [.. _clients, client];
    }

    /// <returns>Whether nobody is left.</returns>
    public bool Remove(MqttClient client)
    {
        _clients = [.. _clients.Where(one => one != client)];
        return _clients.Length == 0;
    }

    public async ValueTask BeginAsync(Node node, string filter)
    {
        var place = await node.SubscribeAsync(this, filter, CancellationToken.None);
        place.GoLive(new ChannelPosition("", 0));
        _place.SetResult(place);
    }

    public async ValueTask EndAsync(Node node) => await node.UnsubscribeAsync(await _place.Task, CancellationToken.None);

    /// <summary>Gives a message to somebody, or to nobody where nobody is there who keeps it.</summary>
    /// <param name="except">Who has given it back; null for nobody.</param>
    /// <returns>Whether somebody has it.</returns>
    public bool TryGive(string channel, Message message, MqttClient? except)
    {
        var clients = _clients;
        var start = Interlocked.Increment(ref _next);
        return TryGive(clients, start, channel, message, except, mustBeConnected: true)
            || TryGive(clients, start, channel, message, except, mustBeConnected: false);
    }

    protected override void Deliver(DeliveryBatch batch, int first)
    {
        foreach (var delivery in batch.Deliveries[first..])
        {
            if (delivery is MessageDelivery message) TryGive(message.Channel, message.Message, except: null);
        }
    }

    protected override void FallBehind()
    {
        // It goes live as soon as it comes in, and so never falls behind.
    }

    protected override void Cut(CutDelivery cut)
    {
        // It is nobody's connection.
    }

    private bool TryGive(
        MqttClient[] clients, uint start, string channel, Message message, MqttClient? except, bool mustBeConnected)
    {
        for (var i = 0; i < clients.Length; i++)
        {
            var client = clients[(start + i) % clients.Length];
            if (client != except && client.TryTakeShared(Id, channel, message, mustBeConnected)) return true;
        }

        return false;
    }
}
