using Signalbox.Engine.Cluster.Forms;

namespace Signalbox.Engine.Cluster.Tests.Forms;

/// <summary>A silo starts where it will be understood, and says what is to be done where it would not be.</summary>
public sealed class StartCheckTests
{
    private readonly StartDriver _cluster = new();

    [Fact]
    public async Task The_first_silo_stores_its_form_and_those_of_the_same_form_start()
    {
        await _cluster.StartAsync(2);
        _cluster.Run(1, "one form 2");

        await _cluster.StartAsync(2);

        Assert.Equal(2, await _cluster.StoredFormAsync());
        Assert.Equal(1, _cluster.Storage.Writes);
    }

    [Fact]
    public async Task What_was_stored_before_forms_were_counted_is_of_form_1()
    {
        await _cluster.StoreAsync(new StoredLayout { Parts = 32 });

        await _cluster.StartAsync(1);

        Assert.Equal(1, _cluster.Storage.Writes);
        Assert.Equal(1, await _cluster.StoredFormAsync());
    }

    [Fact]
    public async Task A_silo_of_an_older_form_than_what_is_stored_is_refused()
    {
        await _cluster.StoreAsync(new StoredLayout { Parts = 32, Form = 3 });

        var said = await _cluster.RefusedAsync(2);

        Assert.StartsWith("What is stored is of form 3, and this version, ", said, StringComparison.Ordinal);
        Assert.EndsWith("is of form 2. Start the version that was running last, or a later one.", said, StringComparison.Ordinal);
        Assert.Equal(3, await _cluster.StoredFormAsync());
    }

    [Fact]
    public async Task A_newer_silo_that_is_alone_raises_the_form_of_what_is_stored()
    {
        await _cluster.StoreAsync(new StoredLayout { Parts = 32 });
        _cluster.Run(1, "one", SiloStatus.Dead);

        await _cluster.StartAsync(2);

        Assert.Equal(2, await _cluster.StoredFormAsync());
        Assert.Contains("form 2", await _cluster.RefusedAsync(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SiloStatus.Joining)]
    [InlineData(SiloStatus.Active)]
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Stopping)]
    public async Task A_newer_silo_is_refused_while_older_ones_are_there(SiloStatus status)
    {
        await _cluster.StoreAsync(new StoredLayout { Parts = 32 });
        _cluster.Run(1, "one form 1");
        _cluster.Run(2, "of before forms were counted", status);

        var said = await _cluster.RefusedAsync(2);

        Assert.StartsWith("Silos of form 1 are running at 127.0.0.1:1, 127.0.0.1:2, and ", said, StringComparison.Ordinal);
        Assert.EndsWith("is of form 2. Stop them all before the first silo of this version starts.", said, StringComparison.Ordinal);
        Assert.Equal(1, await _cluster.StoredFormAsync());
    }

    [Fact]
    public async Task An_older_silo_is_refused_while_newer_ones_are_there()
    {
        _cluster.Run(1, "one form 2");

        var said = await _cluster.RefusedAsync(1);

        Assert.EndsWith("is of form 1. Start a version of form 2 in its place.", said, StringComparison.Ordinal);
        Assert.Equal(0, await _cluster.StoredFormAsync());
    }

    [Fact]
    public async Task Silos_that_were_all_killed_are_not_waited_for_for_ever()
    {
        _cluster.Run(1, "one", silentFor: TimeSpan.FromMinutes(1));
        await _cluster.RefusedAsync(2);
        var later = new StartDriver();
        later.Run(1, "one", silentFor: TimeSpan.FromMinutes(2));

        await later.StartAsync(2);

        Assert.Equal(2, await later.StoredFormAsync());
    }

    [Fact]
    public async Task A_silo_of_another_form_that_came_meanwhile_is_seen_before_anything_is_raised()
    {
        await _cluster.StoreAsync(new StoredLayout { Parts = 32 });
        _cluster.Silos.BeforeSecondRead = () => _cluster.Run(1, "one form 1");

        await _cluster.RefusedAsync(2);

        Assert.Equal(1, await _cluster.StoredFormAsync());
    }

    [Fact]
    public async Task Silos_that_start_together_agree_on_what_was_written_first()
    {
        var gate = new TaskCompletionSource();
        _cluster.Storage.Gate = gate.Task;
        Task[] starts = [_cluster.StartAsync(2), _cluster.StartAsync(2)];
        await _cluster.Storage.WaitForWriteAsync();

        gate.SetResult();
        await Task.WhenAll(starts);

        Assert.Equal(2, await _cluster.StoredFormAsync());
        Assert.Equal(1, _cluster.Storage.Writes);
    }
}
