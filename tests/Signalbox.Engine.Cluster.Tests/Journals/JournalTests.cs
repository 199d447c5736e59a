namespace Signalbox.Engine.Cluster.Tests.Journals;

public sealed class JournalTests
{
    private readonly TestStorage _storage = new();

    [Fact]
    public async Task What_was_written_is_there_again()
    {
        var machine = await OpenAsync();
        for (var i = 1; i <= 100; i++) await machine.AddAndWaitAsync(i);

        Assert.Equal(Numbers(100), (await OpenAsync()).Versions);
    }

    [Fact]
    public async Task What_happens_during_a_write_is_written_together()
    {
        var machine = await OpenAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _storage.Gate = gate.Task;

        machine.Add(1);
        var first = machine.WhenWrittenAsync();
        for (var i = 2; i <= 100; i++) machine.Add(i);
        var others = machine.WhenWrittenAsync();
        gate.SetResult();
        await Task.WhenAll(first, others);

        Assert.Equal(2, _storage.Writes);
        Assert.Equal(Numbers(100), (await OpenAsync()).Versions);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_is_not_written()
    {
        var machine = await OpenAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _storage.Gate = gate.Task;

        machine.Add(1);
        var told = machine.WhenWrittenAsync();
        var toldAgain = machine.WhenWrittenAsync();

        Assert.False(told.IsCompleted || toldAgain.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(told, toldAgain);
    }

    [Fact]
    public async Task A_write_costs_the_same_however_much_there_is()
    {
        var machine = await OpenAsync();
        for (var i = 1; i <= 20_000; i++) machine.Add(i);
        await machine.WhenWrittenAsync();
        // With so much news a snapshot is due, which is paid for by what was written since the last one.
        await machine.AddAndWaitAsync(20_001);

        _storage.LongestWrite = 0;
        for (var i = 20_002; i <= 20_100; i++) await machine.AddAndWaitAsync(i);

        Assert.InRange(_storage.LongestWrite, 1, 4 * 1024);
    }

    [Fact]
    public async Task A_snapshot_takes_the_place_of_what_was_before()
    {
        var machine = await OpenAsync(keeps: 20);
        for (var i = 1; i <= 400; i++) await machine.AddAndWaitAsync(i, sizeBytes: 1000);
        await machine.CloseAsync();

        // Little more than what makes a snapshot due, three or four to a page: without one it would be a hundred pages.
        Assert.InRange(_storage.Names.Count(), 2, 44);
        Assert.Equal(Numbers(400).Skip(380), (await OpenAsync(keeps: 20)).Versions);
    }

    [Fact]
    public async Task A_snapshot_that_was_not_finished_counts_for_nothing()
    {
        var machine = await OpenAsync();
        // So many that the snapshot has several parts, of which the second cannot be written.
        for (var i = 1; i <= 40_000; i++) machine.Add(i);
        await machine.WhenWrittenAsync();
        var page = _storage.Names.Count();
        _storage.Fails = name => name == $"journal-{page + 1}";

        await Assert.ThrowsAsync<LogFailedException>(() => machine.AddAndWaitAsync(40_001));
        _storage.Fails = static _ => false;
        var next = await OpenAsync();
        await next.AddAndWaitAsync(50_000, sizeBytes: 1);

        Assert.Equal([.. Numbers(40_000), 50_000], (await OpenAsync()).Versions);
    }

    [Fact]
    public async Task What_was_not_cleared_when_a_silo_died_is_cleared_by_the_next()
    {
        var machine = await OpenAsync(keeps: 20);
        for (var i = 1; i <= 60; i++) await machine.AddAndWaitAsync(i, sizeBytes: 1000);
        _storage.FailsToClear = true;
        for (var i = 61; i <= 70; i++)
        {
            machine.Add(i, sizeBytes: 1000);
            await machine.WhenWrittenAsync().ContinueWith(static _ => { }, TaskScheduler.Default);
            if (machine.Failures.Count > 0) break;
        }

        Assert.Single(machine.Failures);

        _storage.FailsToClear = false;
        var next = await OpenAsync(keeps: 20);

        Assert.DoesNotContain("journal-0", _storage.Names);
        Assert.Equal(Numbers(70).SkipWhile(i => i < next.Versions[0]).Take(20), next.Versions);
    }

    [Fact]
    public async Task After_a_write_that_failed_nothing_is_taken_down()
    {
        var machine = await OpenAsync();
        _storage.Fails = static _ => true;

        await Assert.ThrowsAsync<LogFailedException>(() => machine.AddAndWaitAsync(1));
        _storage.Fails = static _ => false;

        Assert.Throws<LogFailedException>(() => machine.Add(2));
        Assert.Single(machine.Failures);
        Assert.Empty((await OpenAsync()).Versions);
    }

    [Fact]
    public async Task Of_two_activations_the_slower_one_fails()
    {
        var one = await OpenAsync();
        var other = await OpenAsync();

        await one.AddAndWaitAsync(1);

        await Assert.ThrowsAsync<LogFailedException>(() => other.AddAndWaitAsync(2));
        Assert.Equal([1L], (await OpenAsync()).Versions);
    }

    [Fact]
    public async Task A_machine_that_can_be_forgotten_leaves_nothing()
    {
        var machine = await OpenAsync();
        for (var i = 1; i <= 100; i++) await machine.AddAndWaitAsync(i, sizeBytes: 1000);
        machine.CanForget = true;

        await machine.CloseAsync();

        Assert.Empty(_storage.Names);
    }

    [Fact]
    public async Task Of_one_page_behind_a_snapshot_nothing_is_left_either()
    {
        var machine = await OpenAsync(keeps: 20);
        for (var i = 1; !_storage.Names.Contains("journal"); i++) await machine.AddAndWaitAsync(i, sizeBytes: 150);
        machine.CanForget = true;

        await machine.CloseAsync();

        Assert.Empty(_storage.Names);
    }

    [Fact]
    public async Task A_machine_that_needs_little_keeps_to_one_page_and_writes_little()
    {
        var machine = await OpenAsync(keeps: 1);
        for (var i = 1; i <= 1000; i++) await machine.AddAndWaitAsync(i, sizeBytes: 100);

        Assert.Equal(["journal-0"], _storage.Names);
        Assert.InRange(_storage.LongestWrite, 1, 1024);
        Assert.Equal([1000L], (await OpenAsync(keeps: 1)).Versions);
    }

    [Fact]
    public async Task One_large_value_after_another_keeps_to_one_page()
    {
        var machine = await OpenAsync(keeps: 1);
        for (var i = 1; i <= 10; i++) await machine.AddAndWaitAsync(i, sizeBytes: 100_000);

        Assert.InRange(_storage.Names.Count(), 1, 2);
        Assert.Equal([10L], (await OpenAsync(keeps: 1)).Versions);
    }

    // Each looks at the last page as it was before the other's, and what it writes has room there or has not.
    [Theory]
    [InlineData(10, 3000)]
    [InlineData(3000, 10)]
    [InlineData(10, 100_000)]
    [InlineData(100_000, 10)]
    public async Task Of_two_activations_only_one_goes_on_whatever_they_write(int size, int otherSize)
    {
        await (await OpenAsync()).AddAndWaitAsync(1, sizeBytes: 2000);
        var one = await OpenAsync();
        var other = await OpenAsync();

        await one.AddAndWaitAsync(2, size);
        await Assert.ThrowsAsync<LogFailedException>(() => other.AddAndWaitAsync(3, otherSize));

        Assert.Equal([1L, 2L], (await OpenAsync()).Versions);
    }

    private static IEnumerable<long> Numbers(int count) => Enumerable.Range(1, count).Select(i => (long)i);

    private async Task<JournalDriver> OpenAsync(int keeps = int.MaxValue)
    {
        var machine = new JournalDriver(_storage, keeps);
        await machine.OpenAsync();
        return machine;
    }
}
