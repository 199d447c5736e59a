namespace Signalbox.Transport.Tests;

/// <summary>When a loop's thread has to be woken, which is a call to the kernel.</summary>
public sealed class PostedWorkTests : IThreadPoolWorkItem
{
    private readonly PostedWork _posted = new();

    [Fact]
    public void A_thread_that_rests_is_woken_once()
    {
        Assert.True(_posted.TryRest());

        Assert.True(_posted.Add(this));
        Assert.False(_posted.Add(this));
    }

    [Fact]
    public void A_thread_that_has_come_back_on_its_own_is_not_woken()
    {
        Assert.True(_posted.TryRest());
        _posted.Wake();

        Assert.False(_posted.Add(this));

        Assert.False(_posted.TryRest());
        Assert.Single(_posted.Take());
    }

    void IThreadPoolWorkItem.Execute()
    {
        // It is only counted.
    }
}
