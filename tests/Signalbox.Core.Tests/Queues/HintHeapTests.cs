using Signalbox.Core.Queues;

namespace Signalbox.Core.Tests.Queues;

public sealed class HintHeapTests
{
    [Fact]
    public void What_became_untrue_behind_the_first_does_not_gather()
    {
        var isTrue = new HashSet<long> { 0 };
        var heap = new HintHeap(hint => isTrue.Contains(hint.Id));
        heap.Push(new Hint(0, 0));

        for (var id = 1; id < 10_000; id++)
        {
            heap.Push(new Hint(id, id));
            heap.Doubt(id, trueCount: 1);
            Assert.InRange(heap.Count, 1, 100);
        }

        Assert.Equal([new Hint(0, 0)], heap.InOrder());
    }

    [Fact]
    public void What_is_said_again_and_again_does_not_gather()
    {
        var heap = new HintHeap(_ => true);
        heap.Push(new Hint(0, 0));

        for (var i = 0; i < 10_000; i++)
        {
            heap.Push(new Hint(1, 1));
            heap.Doubt(1, trueCount: 2);
            Assert.InRange(heap.Count, 2, 100);
        }

        Assert.Equal([new Hint(0, 0), new Hint(1, 1)], heap.InOrder());
    }

    [Fact]
    public void The_first_is_the_least_rank_and_then_the_least_id_that_is_true()
    {
        var isTrue = Enumerable.Range(0, 2_000).Select(id => (long)id).ToHashSet();
        var heap = new HintHeap(hint => isTrue.Contains(hint.Id));
        foreach (var id in isTrue) heap.Push(new Hint(id * 7_919 % 100, id));
        var expected = isTrue.Select(id => new Hint(id * 7_919 % 100, id)).Order().ToList();
        Assert.Equal(expected, heap.InOrder());

        foreach (var next in expected)
        {
            Assert.True(heap.TryPeek(out var first));
            Assert.Equal(next, first);
            isTrue.Remove(next.Id);
            heap.Doubt(next.Id, isTrue.Count);
        }

        Assert.False(heap.TryPeek(out _));
    }
}
