using System.Net;
using Signalbox.Core.Channels;
using Signalbox.Core.Users;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Tests.Nodes;

/// <summary>What a node has told, and to whom it owes it again.</summary>
public sealed class TellingsTests
{
    private static readonly Told News = new(ToldKind.Channel, "news");
    private static readonly Told Sport = new(ToldKind.Channel, "sport");
    private static readonly Told Anna = new(ToldKind.User, "anna");
    private static readonly SiloAddress Here = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private static readonly SiloAddress There = SiloAddress.New(IPAddress.Loopback, 2, 1);

    private readonly Tellings _tellings = new();

    [Fact]
    public void What_is_owed_is_taken_once_and_again_when_it_could_not_be_told()
    {
        _tellings.Attach(News, Ticket(1));
        _tellings.Attach(Sport, Ticket(2));
        Assert.Empty(_tellings.TakeOwed());

        _tellings.Owe(News);
        Assert.Equal([News], _tellings.TakeOwed());
        Assert.Empty(_tellings.TakeOwed());
        _tellings.Owe(News);

        Assert.Equal([News], _tellings.TakeOwed());
    }

    [Fact]
    public void Nothing_is_owed_to_a_grain_that_was_told_meanwhile_wherever_it_is()
    {
        _tellings.Attach(News, Ticket(1));
        _tellings.Owe(News);

        _tellings.FoundAt(News, Here);

        Assert.Empty(_tellings.TakeOwed());
    }

    [Fact]
    public void Nothing_is_owed_where_nothing_is_left_to_tell()
    {
        _tellings.Attach(News, Ticket(1));
        _tellings.Owe(News);
        _tellings.Detach(News, Ticket(1));

        _tellings.Owe(News);
        _tellings.OweAll();
        _tellings.FoundAt(News, Here);

        Assert.Empty(_tellings.TakeOwed());
        Assert.Null(_tellings.Find(News));
        Assert.Empty(_tellings.ToldElsewhere(new HashSet<SiloAddress>()));
    }

    [Fact]
    public void A_node_that_was_forgotten_owes_everything_to_everyone()
    {
        _tellings.Attach(News, Ticket(1));
        _tellings.FoundAt(News, Here);
        _tellings.Enter("sport", Member("m"));
        _tellings.Open("anna", Connection("c"));

        _tellings.OweAll();

        Assert.Equal([Anna, News, Sport], _tellings.TakeOwed().OrderBy(told => told.Name));
    }

    [Fact]
    public void Whoever_was_told_on_a_silo_that_is_gone_is_told_again()
    {
        _tellings.Attach(News, Ticket(1));
        _tellings.Attach(Sport, Ticket(2));
        _tellings.Open("anna", Connection("c")); // Nobody knows yet where.
        _tellings.FoundAt(News, Here);
        _tellings.FoundAt(Sport, There);

        Assert.Equal([Sport], _tellings.ToldElsewhere(new HashSet<SiloAddress> { Here }));
        Assert.Empty(_tellings.ToldElsewhere(new HashSet<SiloAddress> { Here, There }));
    }

    [Fact]
    public void All_that_was_said_and_not_taken_back_is_told()
    {
        _tellings.Attach(News, Ticket(1));
        foreach (var id in (string[])["a", "b"]) _tellings.Enter("news", Member(id));
        foreach (var id in (string[])["c", "d"]) _tellings.Open("anna", Connection(id));
        _tellings.Leave("news", "a");
        _tellings.Close("anna", "c");

        Assert.Equal(Ticket(1), _tellings.Find(News)?.Attachment);
        Assert.Equal(["b"], _tellings.Find(News)?.Members.Select(member => member.Id));
        Assert.Equal(["d"], _tellings.Find(Anna)?.Connections.Select(connection => connection.Id));
    }

    [Fact]
    public void A_later_attachment_is_not_undone_by_the_end_of_an_earlier_one()
    {
        _tellings.Attach(News, Ticket(1));
        _tellings.Attach(News, Ticket(2));
        _tellings.AddFilter("news/#", 1);
        _tellings.AddFilter("news/#", 2);

        _tellings.Detach(News, Ticket(1));
        _tellings.RemoveFilter("news/#", 1);

        Assert.Equal(Ticket(2), _tellings.Find(News)?.Attachment);
        Assert.Equal([new NodeFilter("node", "news/#", 2)], _tellings.Filters("node"));
        _tellings.RemoveFilter("news/#", 2);
        Assert.Empty(_tellings.Filters("node"));
    }

    private static Attachment Ticket(long ticket) => new("node", ticket);

    private static Member Member(string id) => new(id, "node", "peer", Name: null, User: null, default);

    private static UserConnection Connection(string id) => new(id, "node", "peer", "tcp", Name: null, default, Token: null);
}
