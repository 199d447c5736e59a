using System.Text.Json;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

internal readonly record struct ClusterRequest : IRequest<ClusterInfo?>
{
    public CommandName Command => CommandName.Cluster;

    public CallTraits Traits => CallTraits.Repeatable;

    public void Write(ReplyWriter writer)
    {
    }

    public ClusterInfo? Read(Reply reply)
    {
        if (!reply.Has(ReplyField.Value)) return null;

        using var document = JsonDocument.Parse(reply.Raw(ReplyField.Value));
        var value = document.RootElement;
        return new ClusterInfo(
            [.. value.GetProperty("silos").EnumerateArray().Select(ReadSilo)],
            [.. value.GetProperty("nodes").EnumerateArray().Select(ReadNode)]);
    }

    private static SiloInfo ReadSilo(JsonElement silo) => new(
        TextOf(silo, "silo") ?? "",
        TextOf(silo, "status") ?? "",
        DateTimeOffset.FromUnixTimeMilliseconds(silo.GetProperty("since").GetInt64()),
        TextOf(silo, "version"),
        silo.TryGetProperty("grains", out var grains) ? ReadGrains(grains) : null);

    private static GrainCounts ReadGrains(JsonElement grains) => new(
        grains.GetProperty("channels").GetInt64(),
        grains.GetProperty("users").GetInt64(),
        grains.GetProperty("keys").GetInt64(),
        grains.GetProperty("queues").GetInt64());

    private static NodeInfo ReadNode(JsonElement node) => new(
        TextOf(node, "node") ?? "",
        TextOf(node, "silo"),
        TextOf(node, "version"),
        node.TryGetProperty("backlog", out var backlog) ? backlog.GetInt64() : null);

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) ? text.GetString() : null;
}
