namespace Signalbox.Gates.Tests;

public sealed class GateTests
{
    private readonly Gate _outer = new(GateRank.Shard);
    private readonly Gate _inner = new(GateRank.Audience);

    [Fact]
    public void A_gate_is_held_until_it_is_left()
    {
        using (_outer.Enter()) Assert.True(_outer.IsHeld);

        Assert.False(_outer.IsHeld);
    }

    [Fact]
    public async Task Only_one_thread_is_in_a_gate()
    {
        var count = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                using (_outer.Enter()) count++;
            }
        })));

        Assert.Equal(40_000, count);
    }

    [Fact]
    public void Gates_are_entered_in_the_order_of_their_ranks()
    {
        using (_outer.Enter())
        {
            using (_inner.Enter()) Assert.True(_inner.IsHeld);
            using (_inner.Enter()) Assert.True(_inner.IsHeld);
        }
    }

#if DEBUG
    [Fact]
    public void Out_of_order_is_refused_before_the_gate_is_entered()
    {
        using (_inner.Enter())
        {
            var refused = Assert.Throws<GateOrderException>(() => _outer.Enter().Dispose());

            Assert.Contains("Shard was entered under Audience", refused.Message, StringComparison.Ordinal);
            Assert.False(_outer.IsHeld);
        }
    }

    [Fact]
    public void Two_gates_of_one_rank_are_out_of_order()
    {
        var other = new Gate(GateRank.Audience);

        using (_inner.Enter())
        {
            Assert.Throws<GateOrderException>(() => other.Enter().Dispose());
            Assert.Throws<GateOrderException>(() => _inner.Enter().Dispose());
        }
    }

    [Fact]
    public void An_exception_under_a_gate_leaves_it()
    {
        Assert.Throws<InvalidDataException>(FailUnderTheGate);

        using (_outer.Enter()) Assert.False(_inner.IsHeld);
    }

    private void FailUnderTheGate()
    {
        using (_inner.Enter()) throw new InvalidDataException();
    }
#endif
}
