using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>Our part in Orleans' streams: a pack goes to the node's inbox, and an agent there gets it without asking
/// again and again.</summary>
internal sealed class InboxAdapter : IQueueAdapterFactory, IQueueAdapter, IStreamQueueMapper
{
    /// <summary>Packs between the agent and a node that is slow to take them.</summary>
    private const int CachedPacks = 512;

    private readonly IGrainFactory _grains;
    private readonly InboxQueues? _queues;
    private readonly SimpleQueueAdapterCache _cache;

    public InboxAdapter(IServiceProvider services, string name)
    {
        Name = name;
        _grains = services.GetRequiredService<IGrainFactory>();
        _queues = services.GetService<InboxQueues>();
        _cache = new SimpleQueueAdapterCache(
            new SimpleQueueCacheOptions { CacheSize = CachedPacks }, name, services.GetRequiredService<ILoggerFactory>());
    }

    public string Name { get; }

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => _cache;

    public IStreamQueueMapper GetStreamQueueMapper() => this;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new InboxReceiver(_queues?.Find(queueId));

    /// <exception cref="InboxException">The inbox did not take it.</exception>
    public async Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        var inbox = _grains.GetGrain<IInboxGrain>(streamId.GetKeyAsString());
        foreach (var pack in events.OfType<DeliveryPack>())
        {
            if (await inbox.PutAsync(pack) is var answer and not PutAnswer.Taken) throw new InboxException(answer);
        }
    }

    // Which queues there are is each silo's own to say.
    public IEnumerable<QueueId> GetAllQueues() => _queues?.GetMyQueues() ?? [];

    public QueueId GetQueueForStream(StreamId streamId) => InboxQueues.IdOf(streamId.GetKeyAsString());
}
