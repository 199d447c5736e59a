using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>Brings what this process publishes to its channels.</summary>
/// <remarks>
/// A call costs much more than what it carries. So no more than some are under way to a channel, and what is published
/// meanwhile goes together, in its order, when one of them is back.
/// </remarks>
internal sealed class PublishLines(GrainCalls calls)
{
    private const int MaxUnderWay = 4;
    private const int MaxPack = 256;
    private const int MaxPackBytes = 256 * 1024;

    private readonly Dictionary<GrainId, Line>[] _lines = [.. Enumerable.Range(0, 64).Select(_ => NewLines())];

    public ValueTask<PublishAnswer> PublishAsync(
        IChannelGrain channel, PublishRequest request, CancellationToken cancellationToken)
    {
        var id = channel.GetGrainId();
        var lines = LinesOf(id);
        lock (lines)
        {
            if (!lines.TryGetValue(id, out var line)) lines.Add(id, line = new Line());

            if (line.UnderWay == MaxUnderWay)
            {
                var waiting = new Waiting(request);
                line.Waiting.Enqueue(waiting);
                return new(waiting.Answer.Task);
            }

            line.UnderWay++;
        }

        return PublishNowAsync(channel, request, cancellationToken);
    }

    private static Dictionary<GrainId, Line> NewLines() => [];

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
        ? calls.AskOnceAsync(channel, turn => channel.PublishAsync(turn, request, cancellationToken))
        : calls.AskAsync(channel, turn => channel.PublishAsync(turn, request, cancellationToken), cancellationToken);

    private void GoOn(IChannelGrain channel)
    {
        var id = channel.GetGrainId();
        var lines = LinesOf(id);
        List<Waiting> pack;
        lock (lines)
        {
            var line = lines[id];
            pack = line.Take();
            if (pack.Count == 0 && --line.UnderWay == 0) lines.Remove(id);
        }

        if (pack.Count > 0) _ = PublishPackAsync(channel, pack);
    }

    private async Task PublishPackAsync(IChannelGrain channel, List<Waiting> pack)
    {
        try
        {
            var requests = pack.Select(one => one.Request).ToArray();
            var answers = await calls.InOrderAsync(channel, turn => channel.PublishAllAsync(turn, requests));
            for (var i = 0; i < answers.Length; i++) pack[i].Answer.TrySetResult(answers[i]);
        }
        catch (Exception e) when (GrainCalls.IsLoss(e))
        {
            foreach (var one in pack) _ = FinishAsync(channel, one, e);
        }
        catch (Exception e)
        {
            foreach (var one in pack) one.Answer.TrySetException(e);
        }
        finally
        {
            GoOn(channel);
        }
    }

    // Nobody knows which of a lost pack was done.
    private async Task FinishAsync(IChannelGrain channel, Waiting one, Exception lost)
    {
        try
        {
            if (one.Request.Id is null) throw GrainCalls.Unknown(lost);

            one.Answer.TrySetResult(await AskAsync(channel, one.Request, CancellationToken.None));
        }
        catch (Exception e)
        {
            one.Answer.TrySetException(e);
        }
    }

    private Dictionary<GrainId, Line> LinesOf(GrainId channel) => _lines[channel.GetUniformHashCode() % _lines.Length];

    private sealed class Line
    {
        public int UnderWay { get; set; }

        public Queue<Waiting> Waiting { get; } = [];

        public List<Waiting> Take()
        {
            var pack = new List<Waiting>(Math.Min(Waiting.Count, MaxPack));
            for (var bytes = 0; pack.Count < MaxPack && bytes < MaxPackBytes && Waiting.TryDequeue(out var next);)
            {
                bytes += next.Request.Payload.Length;
                pack.Add(next);
            }

            return pack;
        }
    }

    private sealed class Waiting(PublishRequest request)
    {
        public PublishRequest Request => request;

        public TaskCompletionSource<PublishAnswer> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
