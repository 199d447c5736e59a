namespace Signalbox.Engine.Cluster.Tests.Forms;

/// <summary>Nobody changes what silos of a form say to each other without meaning to.</summary>
public sealed class ContractTests
{
    [Fact]
    public void The_contract_is_what_was_agreed_for_the_form() =>
        Assert.True(
            Contract.Now == Contract.Agreed,
            $"""
            What processes of a cluster say to each other, or store, has changed. A field that was added at the end of a
            record, and a call or record that nobody uses before all silos have it, are understood by the release before.
            With anything else raise ClusterForm.Number: it keeps the two apart. In both cases this is the new contract.txt:
            {Contract.Now}
            """);
}
