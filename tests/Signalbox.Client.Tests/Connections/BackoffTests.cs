namespace Signalbox.Client.Tests.Connections;

public sealed class BackoffTests
{
    private static readonly TimeSpan Base = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_wait_is_anywhere_up_to_a_bound_that_doubles_up_to_the_maximum()
    {
        double[] bounds = [1, 2, 4, 8, 10, 10, 10];
        var largest = new double[bounds.Length];

        for (var seed = 0; seed < 1000; seed++)
        {
            var backoff = new Backoff(Base, 10 * Base, new Random(seed));
            for (var i = 0; i < bounds.Length; i++) largest[i] = Math.Max(largest[i], backoff.Next().TotalSeconds);
        }

        Assert.All(bounds.Zip(largest), pair => Assert.InRange(pair.Second, 0.98 * pair.First, pair.First));
    }

    [Fact]
    public void A_seed_repeats_the_waits()
    {
        var one = new Backoff(Base, 10 * Base, new Random(7));
        var other = new Backoff(Base, 10 * Base, new Random(7));

        Assert.Equal(Enumerable.Range(0, 20).Select(_ => one.Next()), Enumerable.Range(0, 20).Select(_ => other.Next()));
    }

    [Fact]
    public void After_a_success_the_bound_is_small_again()
    {
        var backoff = new Backoff(Base, 1000 * Base, new Random(1));
        for (var i = 0; i < 100; i++) backoff.Next();

        backoff.Reset();

        Assert.InRange(backoff.Next(), TimeSpan.Zero, Base);
    }
}
