using Orleans.Streams;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>The Orleans stream by which a node gets all that its subscribers are to see.</summary>
internal static class InboxStream
{
    /// <summary>The name of the stream provider.</summary>
    public const string Provider = "inbox";

    public const string Namespace = "inbox";

    public static IAsyncStream<DeliveryPack> Of(IStreamProvider provider, string node) =>
        provider.GetStream<DeliveryPack>(StreamId.Create(Namespace, node));
}
