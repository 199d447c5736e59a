using Signalbox.Engine.Cluster.Forms;

namespace Signalbox.Engine.Cluster.Tests.Forms;

/// <summary>Processes of a cluster that would not understand each other, as they meet.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData(1, 2, "Stop them all before the first silo of this version starts.")]
    [InlineData(2, 1, "Start a version of form 2 in its place.")]
    public async Task A_silo_of_another_form_is_refused_before_the_others_see_it(int theirs, int own, string cure)
    {
        await using var cluster = new FormedCluster { Form = theirs };
        await cluster.StartAsync();
        cluster.Form = own;

        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(cluster.AddSiloAsync);

        Assert.StartsWith($"Silos of form {theirs} are running at 127.0.0.1:", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith($"is of form {own}. {cure}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await cluster.CountMembersAsync());
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task A_service_of_another_form_is_refused_when_it_joins(int theirs, int own)
    {
        await using var cluster = new FormedCluster { Form = theirs };
        await cluster.StartAsync();
        cluster.Form = own;

        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(cluster.JoinAsync);

        Assert.Contains($"are of form {theirs}, and the Signalbox in this service", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            $"is of form {own}. Build the service with the version that the silos are of.",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_told_when_all_silos_have_gone_over_to_another_form()
    {
        await using var cluster = new FormedCluster();
        await cluster.StartAsync();
        await cluster.JoinAsync();
        await cluster.StopSilosAsync();
        cluster.Form = 2;

        await cluster.AddSiloAsync();

        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(
            () => cluster.Refusal.Told.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken));
        Assert.Contains("are of form 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_goes_on_with_silos_of_its_form_that_came_in_place_of_others()
    {
        await using var cluster = new FormedCluster();
        await cluster.StartAsync();
        await cluster.JoinAsync();
        await cluster.StopSilosAsync();

        await cluster.AddSiloAsync();
        await cluster.KnownAsync("service");

        Assert.False(cluster.Refusal.Told.IsCompleted);
    }
}
