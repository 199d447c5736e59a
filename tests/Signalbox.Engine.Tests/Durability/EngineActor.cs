using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>
/// Somebody who uses an engine, and says what it answered in words that are the same for every engine that is alike.
/// </summary>
/// <remarks>
/// A queue that stood empty may number its items anew after a start, and a hand-over that was never written takes no
/// number of a lease: so an item is known by its text, and a receipt by when it was given.
/// </remarks>
internal sealed class EngineActor(EmbeddedEngine engine, ChannelPosition seen)
{
    public const int Queues = 2;
    public const int Keys = 4;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RateLimit Quota = new("chat", 5, TimeSpan.FromSeconds(61));

    private readonly Dictionary<(int Queue, long Item), string> _texts = [];
    private readonly List<Held> _held = [];

    public EmbeddedEngine Engine => engine;

    public int HeldCount => _held.Count;

    public ChannelPosition Seen { get; private set; } = seen;

    /// <summary>The same person at another engine: it remembers what it got from the first.</summary>
    public EngineActor At(EmbeddedEngine other)
    {
        var actor = new EngineActor(other, Seen);
        actor._held.AddRange(_held);
        foreach (var (id, text) in _texts) actor._texts.Add(id, text);
        return actor;
    }

    public string Push(int queue, string text, int priority, TimeSpan delay, TimeSpan? ttl, string? id)
    {
        var request = new PushRequest(Requests.Text(text), Headers.None, priority, delay, ttl, id);
        var answer = Answer(QueueOf(queue, QueuePart.Live).PushAsync(request, None));
        // A repeat is answered with the item that was first.
        _texts.TryAdd((queue, answer.ItemId), text);
        return $"{answer.Refusal} {_texts[(queue, answer.ItemId)]}";
    }

    public string Pop(int queue, QueuePart part, TimeSpan? lease)
    {
        var answer = Answer(QueueOf(queue, part).PopAsync(new PopRequest(lease, TimeSpan.Zero), None));
        if (answer.Item is null) return $"{answer.Refusal}";

        _held.Add(new Held(queue, answer.Receipt, IsHandOver: lease is null));
        return $"{TextOf(answer.Item)} {answer.Until:T}";
    }

    public string Acknowledge(int index) =>
        $"{Answer(QueueOf(_held[index].Queue, QueuePart.Live).AcknowledgeAsync(_held[index].Receipt, None))}";

    public string Return(int index, TimeSpan delay, bool countAttempt) =>
        $"{Answer(QueueOf(_held[index].Queue, QueuePart.Live)
            .ReturnAsync(new ReturnRequest(_held[index].Receipt, delay, countAttempt), None))}";

    public string Extend(int index, TimeSpan lease) =>
        $"{Answer(QueueOf(_held[index].Queue, QueuePart.Live).ExtendAsync(_held[index].Receipt, lease, None))}";

    public string Clear(int queue, QueuePart part) => $"{Answer(QueueOf(queue, part).ClearAsync(None))}";

    /// <summary>What is on its way to somebody when the process ends is where it was before, after the start.</summary>
    public void ReturnHandOvers()
    {
        for (var i = 0; i < _held.Count; i++)
        {
            if (_held[i].IsHandOver) Return(i, TimeSpan.Zero, countAttempt: false);
        }

        _held.RemoveAll(held => held.IsHandOver);
    }

    public string Set(int key, SetRequest request) => $"{Answer(engine.Hash($"k{key}").SetAsync(request, None))}";

    public string Increment(int key, IncrementRequest request) =>
        $"{Answer(engine.Hash($"k{key}").IncrementAsync(request, None))}";

    public string Delete(int key) =>
        $"{Answer(engine.Hash($"k{key}").DeleteAsync(Core.Hashes.SetCondition.Always, None))}";

    public string Publish(string channel, string text, bool retain, string? id)
    {
        var request = new PublishRequest(Requests.Text(text), Headers.None, "test", null, retain, id);
        var answer = Answer(engine.Channel(channel).PublishAsync(request, None));
        // Of a channel where nothing is left the numbering may begin anew.
        return channel == EngineScript.Kept ? $"{answer}" : $"{answer.Refusal}";
    }

    public string Spend(int amount) => $"{Answer(engine.User("ann").SpendAsync(Quota, amount, None))}";

    /// <summary>A connection keeps a user in memory of whom nothing is written any more.</summary>
    public void Connect() =>
        Answer(engine.User("ann").OpenAsync(new UserConnection("1", "node", "peer", "tcp", null, default, null), None));

    public string ComeBack()
    {
        var answer = Answer(engine.Channel(EngineScript.Kept).EnterAsync(new EnterRequest(null, Seen), None));
        Seen = answer.Position;
        return $"{answer.Refusal} {answer.Position} {answer.First} {answer.Recovered} {TextsOf(answer.Messages)}";
    }

    /// <summary>Everything that can be asked.</summary>
    public string Look()
    {
        var seen = new StringBuilder();
        for (var queue = 0; queue < Queues; queue++)
        {
            seen.AppendLine($"q{queue}: {Answer(QueueOf(queue, QueuePart.Live).CountAsync(None))}");
            foreach (var part in new[] { QueuePart.Live, QueuePart.Dead })
            {
                seen.AppendJoin(", ", Answer(QueueOf(queue, part).PeekAsync(1000, None)).Select(TextOf)).AppendLine();
            }
        }

        for (var key = 0; key < Keys; key++) seen.AppendLine($"k{key}: {ValueOf(key)}");
        var list = new ListRequest("", null, 100);
        seen.AppendJoin(", ", Answer(engine.ListKeysAsync(list, None)).Entries).AppendLine();
        seen.AppendJoin(", ", Answer(engine.ListQueuesAsync(list, None)).Entries).AppendLine();
        foreach (var channel in new[] { EngineScript.Kept, EngineScript.Fleeting }) seen.AppendLine(HistoryOf(channel));
        foreach (var channel in new[] { EngineScript.Kept, EngineScript.Fleeting, EngineScript.Value })
        {
            var value = Answer(engine.Channel(channel).EnterAsync(new EnterRequest(null, null), None)).Retained;
            seen.AppendLine($"{channel}: {(value is null ? "none" : TextsOf([value]))}");
        }

        return seen.AppendLine($"{Answer(engine.User("ann").QuotaAsync(Quota, None))}").ToString();
    }

    private static T Answer<T>(ValueTask<T> answer)
    {
        Assert.True(answer.IsCompletedSuccessfully, "The log holds nothing back here.");
        return answer.Result;
    }

    private static string TextsOf(IEnumerable<Message> messages) =>
        string.Join(' ', messages.Select(message => Encoding.UTF8.GetString(message.Payload.Bytes.Span)));

    private static string TextOf(QueueItem item) =>
        $"{Encoding.UTF8.GetString(item.Payload.Bytes.Span)} {item.Priority} {item.Attempts} {item.AddedAt:O} {item.ExpiresAt:O}";

    private string ValueOf(int key) =>
        Answer(engine.Hash($"k{key}").GetAsync(None)) is { } value
            ? $"{Encoding.UTF8.GetString(value.Value.Bytes.Span)} {value.Version} {value.ExpiresAt:O}"
            : "none";

    private string HistoryOf(string channel)
    {
        var read = Answer(engine.Channel(channel).HistoryAsync(new HistoryRequest(0, 100, Reverse: false), None));
        var texts = TextsOf(read.Messages);
        return channel == EngineScript.Kept ? $"{read.Position} {read.First} {texts}" : texts;
    }

    private IQueue QueueOf(int queue, QueuePart part) => engine.Queue($"q{queue}", part);

    private sealed record Held(int Queue, Receipt Receipt, bool IsHandOver);
}
