using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Tests.Channels;

/// <summary>What is published together, whatever becomes of the silo that was to do it.</summary>
public sealed class PublishPackTests
{
    private static readonly LogFailedException Lost = new("The silo was lost.", null);

    private readonly PublishPack _pack = new(CallTurn.Any);
    private readonly List<string?> _asked = [];

    [Fact]
    public async Task Each_gets_the_answer_at_its_place()
    {
        var answers = new[] { "a", null, "b" }.Select(Add).ToList();

        _pack.Answer([AnswerOf(1), AnswerOf(2), AnswerOf(3)]);

        Assert.Equal([1, 2, 3], (await Task.WhenAll(answers)).Select(answer => answer.Offset));
    }

    [Fact]
    public async Task After_a_loss_what_has_an_id_is_asked_again_and_nobody_knows_of_the_rest()
    {
        var (first, unknown, second) = (Add("a"), Add(null), Add("b"));

        _pack.AskAgain(Lost, AskAsync);

        Assert.Equal((1, 2), ((await first).Offset, (await second).Offset));
        Assert.Same(Lost, await Assert.ThrowsAsync<LogFailedException>(() => unknown));
        Assert.Equal(["a", "b"], _asked);
    }

    [Fact]
    public async Task What_is_asked_again_in_vain_is_told_why()
    {
        var (vain, other) = (Add("a"), Add("b"));
        var reason = new TimeoutException();

        _pack.AskAgain(Lost, request => request.Id == "a" ? throw reason : AskAsync(request));

        Assert.Same(reason, await Assert.ThrowsAsync<TimeoutException>(() => vain));
        Assert.Equal(1, (await other).Offset);
    }

    [Fact]
    public void There_is_room_until_it_is_full_of_requests_or_of_bytes()
    {
        for (var i = 0; i < 255; i++) Add(null);
        var large = new PublishPack(CallTurn.Any);
        large.Add(Request(null, sizeBytes: (256 * 1024) - 1));
        Assert.True(_pack.HasRoom && large.HasRoom);

        Add(null);
        large.Add(Request(null, sizeBytes: 1));

        Assert.False(_pack.HasRoom || large.HasRoom);
    }

    private Task<PublishAnswer> Add(string? id) => _pack.Add(Request(id, sizeBytes: 0));

    private ValueTask<PublishAnswer> AskAsync(PublishRequest request)
    {
        _asked.Add(request.Id);
        return new(AnswerOf(_asked.Count));
    }

    private static PublishRequest Request(string? id, int sizeBytes) => new(
        new Payload(new byte[sizeBytes], PayloadKind.Binary), Headers.None, "test", Sender: null, Retain: false, id);

    private static PublishAnswer AnswerOf(long offset) => new(Refusal.None, offset, Handed: 0, KeepsHistory: true);
}
