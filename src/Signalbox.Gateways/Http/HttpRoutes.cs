using Signalbox.Protocol.Commands;

namespace Signalbox.Gateways.Http;

/// <summary>Every address there is.</summary>
internal static class HttpRoutes
{
    private static readonly QueryField Ttl =
        new("ttl", QueryKind.Duration, "How long it lasts, for example 30s.");

    private static readonly QueryField Delay =
        new("delay", QueryKind.Duration, "How long until it can be popped.");

    private static readonly QueryField Limit =
        new("limit", QueryKind.Number, "How many at most.");

    private static readonly QueryField Receipt =
        new("receipt", QueryKind.Text, "What the pop gave.", IsRequired: true);

    private static readonly QueryField Reserve = new(
        "reserve", QueryKind.Duration, "The item comes back after this time unless it is acknowledged.");

    private static readonly QueryField[] List =
    [
        new("prefix", QueryKind.Text, "What the names begin with."),
        new("cursor", QueryKind.Text, "Where the page before ended."),
        Limit,
    ];

    /// <summary>The stream of events: it is described with the others, and served elsewhere.</summary>
    public static readonly HttpRoute Stream =
        new("GET", "/sse", RouteKind.Stream, "A stream of what channels bring.", 200, 400, 401, 403, 406, 413, 429, 503)
        {
            Query =
            [
                new("channel", QueryKind.Texts, "A channel or filter.", IsRequired: true),
                new("lastEventId", QueryKind.Text, "The id of the last event, where a stream broke off."),
                new("token", QueryKind.Text, "For who can set no header."),
            ],
        };

    /// <summary>What is served here.</summary>
    public static readonly HttpRoute[] All =
    [
        new("POST", "/api/{command}", RouteKind.Commands, "Does one command, or each of an array of them.",
            200, 400, 403, 404, 409, 410, 413, 415, 429, 503),
        new("POST", "/api", RouteKind.Commands, "The same, with the command's name in the body.",
            200, 400, 403, 404, 409, 410, 413, 415, 429, 503),

        new("GET", "/channels", RouteKind.Reply, "Channels that somebody subscribes to.", 200, 400, 403)
        {
            Command = CommandName.Channels,
            Query = List,
        },
        new("POST", "/channels/{name}", RouteKind.Reply, "Publishes the body.", 200, 400, 403, 413, 415, 429, 503)
        {
            Command = CommandName.Publish,
            TakesValue = true,
            Query = [new("retain", QueryKind.Flag, "Whether it becomes the channel's value.")],
        },
        new("GET", "/channels/{name}", RouteKind.Reply, "The channel's history.", 200, 400, 403, 410)
        {
            Command = CommandName.History,
            Query =
            [
                new("since", QueryKind.Number, "Messages after this offset; in reverse, before it."),
                new("epoch", QueryKind.Text, "The numbering that the offset is of."),
                new("reverse", QueryKind.Flag, "The newest first."),
                Limit,
            ],
        },

        new("GET", "/hash", RouteKind.Reply, "Hash keys.", 200, 400, 403) { Command = CommandName.Keys, Query = List },
        new("GET", "/hash/{name}", RouteKind.Value, "What the key holds.", 200, 304, 400, 403, 404)
        {
            Command = CommandName.Get,
        },
        new("PUT", "/hash/{name}", RouteKind.Change, "Sets the key to the body.", 200, 400, 403, 412, 413, 415, 503)
        {
            Command = CommandName.Set,
            TakesValue = true,
            Query = [Ttl],
        },
        new("DELETE", "/hash/{name}", RouteKind.Change, "Deletes the key.", 200, 400, 403, 412, 503)
        {
            Command = CommandName.Delete,
        },

        new("GET", "/queues", RouteKind.Reply, "Queues and how much is in them.", 200, 400, 403)
        {
            Command = CommandName.Queues,
            Query = List,
        },
        new("POST", "/queues/{name}/pop", RouteKind.Item, "Takes the best item.", 200, 204, 400, 403, 413, 503)
        {
            Command = CommandName.QPop,
            Query = [new("wait", QueryKind.Wait, "How long to wait for an item."), Reserve],
        },
        new("POST", "/queues/{name}/ack", RouteKind.Reply, "The reserved item is done.", 200, 400, 403, 409)
        {
            Command = CommandName.QAck,
            Query = [Receipt],
        },
        new("POST", "/queues/{name}/nack", RouteKind.Reply, "Gives the reserved item back.", 200, 400, 403, 409)
        {
            Command = CommandName.QNack,
            Query = [Receipt, Delay],
        },
        new("POST", "/queues/{name}/extend", RouteKind.Reply, "Reserves the item for longer.", 200, 400, 403, 409, 503)
        {
            Command = CommandName.QExtend,
            Query = [Receipt, Reserve with { IsRequired = true }],
        },
        new("POST", "/queues/{name}", RouteKind.Reply, "Pushes the body.", 200, 400, 403, 413, 415, 503)
        {
            Command = CommandName.QPush,
            TakesValue = true,
            Query = [new("priority", QueryKind.Number, "Higher comes out first; 0 without."), Delay, Ttl],
        },
        new("GET", "/queues/{name}", RouteKind.Reply, "How much is in the queue.", 200, 400, 403)
        {
            Command = CommandName.QCount,
        },
        new("DELETE", "/queues/{name}", RouteKind.Reply, "Deletes what is in the queue.", 200, 400, 403, 503)
        {
            Command = CommandName.QDelete,
        },

        new("GET", "/", RouteKind.Page, "What there is, as text.", 200, 403),
        new("GET", "/openapi.json", RouteKind.Description, "This description.", 200, 403),
        new("GET", "/metrics", RouteKind.Metrics, "What is counted, as Prometheus reads it.", 200, 401, 403),
        new("GET", "/health/live", RouteKind.Live, "Whether the process goes on.", 200, 403, 503),
        new("GET", "/health/ready", RouteKind.Ready, "Whether it takes requests.", 200, 403, 503),
    ];
}
