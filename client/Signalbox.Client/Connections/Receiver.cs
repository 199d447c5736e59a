using System.Text.Json;

namespace Signalbox.Client;

/// <summary>What the frames of a connection mean: replies go to their calls, pushes to the subscriptions.</summary>
internal sealed class Receiver(CallTable calls, SubscriptionTable subscriptions)
{
    private readonly Reply _reply = new();
    private CancellationToken _ended;

    /// <summary>What the server said when it ended the connection; null where it said nothing.</summary>
    public SignalboxException? LastWord { get; private set; }

    /// <summary>Another connection begins.</summary>
    public void Begin(Wire wire)
    {
        LastWord = null;
        _ended = wire.Ended;
    }

    /// <param name="body">Good until the task completes.</param>
    public ValueTask OnFrameAsync(ReadOnlyMemory<byte> body)
    {
        try
        {
            _reply.Read(body);
            if (!_reply.Has(ReplyField.Seq)) return OnPushAsync();

            calls.Complete(_reply);
            return default;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The server sent what is no reply: " + e.Message, e);
        }
    }

    private ValueTask OnPushAsync()
    {
        if (_reply.IsText(ReplyField.Command, "message"u8)) return subscriptions.DeliverMessageAsync(_reply, _ended);
        if (_reply.IsText(ReplyField.Command, "broadcats"u8) || _reply.IsText(ReplyField.Command, "broadcast"u8))
        {
            return subscriptions.DeliverBroadcastAsync(_reply, _ended);
        }

        if (_reply.IsText(ReplyField.Command, "direct"u8)) return subscriptions.DeliverDirectAsync(_reply, _ended);

        var joined = _reply.IsText(ReplyField.Command, "join"u8);
        if (joined || _reply.IsText(ReplyField.Command, "leave"u8))
        {
            return subscriptions.DeliverPresenceAsync(_reply, joined, _ended);
        }

        if (_reply.IsText(ReplyField.Command, "missed"u8)) subscriptions.Missed(_reply);
        else if (_reply.Error() is { } error) LastWord = error;

        // Anything else is of a server that is newer than this client.
        return default;
    }
}
