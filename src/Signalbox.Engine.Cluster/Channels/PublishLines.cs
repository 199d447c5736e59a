using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Gates;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>Brings what this process publishes to its channels.</summary>
/// <remarks>
/// A call costs much more than what it carries. So no more than some are under way to a channel, and what is published
/// meanwhile goes together when one of them is back. A pack has its turn from its first on, and takes no more once
/// something else was asked of the channel, so that nothing overtakes anything.
/// </remarks>
internal sealed class PublishLines(GrainCalls calls)
{
    private const int MaxUnderWay = 4;

    private readonly Lines[] _lines = [.. Enumerable.Range(0, 64).Select(_ => new Lines())];

    public ValueTask<PublishAnswer> PublishAsync(
        IChannelGrain channel, PublishRequest request, CancellationToken cancellationToken)
    {
        var id = channel.GetGrainId();
        var lines = LinesOf(id);
        using (lines.Gate.Enter())
        {
            if (!lines.TryGetValue(id, out var line)) lines.Add(id, line = new Line());

            if (line.UnderWay == MaxUnderWay)
            {
                if (line.Last is not { HasRoom: true } || !calls.IsLast(id, line.Last.Turn))
                {
                    line.Add(new PublishPack(calls.Enter(id)));
                }

                return new(line.Last!.Add(request)); // There is one now.
            }

            line.UnderWay++;
        }

        return PublishNowAsync(channel, request, cancellationToken);
    }

    private async ValueTask<PublishAnswer> PublishNowAsync(
        IChannelGrain channel, PublishRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(channel, request, cancellationToken);
        }
        finally
        {
            GoOn(channel);
        }
    }

    // Everything but a publish without an id can be asked twice, and is while a silo dies.
    private ValueTask<PublishAnswer> AskAsync(
        IChannelGrain channel, PublishRequest request, CancellationToken cancellationToken) => request.Id is null
        ? calls.AskOnceAsync(channel, request, static (channel, turn, request) => channel.PublishAsync(turn, request))
        : calls.AskAsync(
            channel,
            request,
            static (channel, turn, request) => channel.PublishAsync(turn, request),
            cancellationToken);

    private void GoOn(IChannelGrain channel)
    {
        var id = channel.GetGrainId();
        var lines = LinesOf(id);
        PublishPack? pack;
        using (lines.Gate.Enter())
        {
            var line = lines[id];
            pack = line.Take();
            if (pack is null && --line.UnderWay == 0) lines.Remove(id);
        }

        if (pack is not null) _ = PublishPackAsync(channel, pack);
    }

    private async Task PublishPackAsync(IChannelGrain channel, PublishPack pack)
    {
        try
        {
            var requests = pack.Requests;
            pack.Answer(await calls.InTurnAsync(
                channel.GetGrainId(), pack.Turn, turn => channel.PublishAllAsync(turn, requests)));
        }
        catch (Exception e) when (GrainCalls.IsLoss(e))
        {
            pack.AskAgain(GrainCalls.Unknown(e), request => AskAsync(channel, request, CancellationToken.None));
        }
        catch (Exception e)
        {
            pack.Fail(e);
        }
        finally
        {
            GoOn(channel);
        }
    }

    private Lines LinesOf(GrainId channel) => _lines[channel.GetUniformHashCode() % _lines.Length];

    private sealed class Lines : Dictionary<GrainId, Line>
    {
        public Gate Gate { get; } = new(GateRank.PublishLines);
    }

    private sealed class Line
    {
        private readonly Queue<PublishPack> _waiting = [];

        public int UnderWay { get; set; }

        public PublishPack? Last { get; private set; }

        public void Add(PublishPack pack)
        {
            _waiting.Enqueue(pack);
            Last = pack;
        }

        public PublishPack? Take()
        {
            if (!_waiting.TryDequeue(out var pack)) return null;

            if (pack == Last) Last = null;
            return pack;
        }
    }
}
