using Signalbox.Conformance.Subjects;

namespace Signalbox.Conformance;

/// <summary>Who is where.</summary>
public abstract class PresenceFacts<TSubject> : ConformanceFacts<TSubject>
    where TSubject : ISubject, new()
{
    [Fact]
    public async Task Who_subscribes_is_present_until_it_leaves_or_is_gone()
    {
        await using var ann = await ConnectAsync("ann");
        await using var bob = await ConnectAsync("bob");
        var cid = await ConnectAsync("cid");
        await ann.SubscribeAsync("room", from: null);
        await bob.SubscribeAsync("room", from: null);
        await cid.SubscribeAsync("room", from: null);
        Assert.Equal(["ann", "bob", "cid"], await NamesAsync(ann));

        await bob.UnsubscribeAsync("room");
        Assert.Equal(["ann", "cid"], await NamesAsync(ann));

        await cid.DisposeAsync();
        Assert.Equal(["ann"], await NamesAsync(ann));
    }

    [Fact]
    public async Task A_room_without_anybody_is_empty_and_one_without_presence_says_so()
    {
        await using var ann = await ConnectAsync("ann");

        Assert.Equal([], await ann.PresenceAsync("room"));
        Assert.Null(await ann.PresenceAsync("quiet/room"));
    }

    [Fact]
    public async Task Subscribers_are_told_who_joins_and_who_leaves()
    {
        await using var ann = await ConnectAsync("ann");
        await ann.SubscribeAsync("told/room", from: null);
        var bob = await ConnectAsync("bob");
        await bob.SubscribeAsync("told/room", from: null);

        await bob.DisposeAsync();

        Received[] expected =
        [
            new(ReceivedKind.Joined, "told/room", "ann", 0),
            new(ReceivedKind.Joined, "told/room", "bob", 0),
            new(ReceivedKind.Left, "told/room", "bob", 0),
        ];
        Assert.Equal(expected, await ann.WaitForAsync(3));
    }

    [Fact]
    public async Task Nobody_is_told_of_joins_where_the_channel_does_not_want_it()
    {
        await using var ann = await ConnectAsync("ann");
        await using var bob = await ConnectAsync("bob");
        await ann.SubscribeAsync("room", from: null);
        await bob.SubscribeAsync("room", from: null);
        await bob.UnsubscribeAsync("room");

        await bob.PublishAsync("room", "bye", id: null);

        Assert.Equal([Received.Message("room", "bye", 1)], await ann.WaitForAsync(1));
    }

    [Fact]
    public async Task Channels_with_subscribers_are_listed_by_prefix_in_pages()
    {
        await using var ann = await ConnectAsync("ann");
        foreach (var name in (string[])["rooms/3", "rooms/1", "hall", "rooms/2"]) await ann.SubscribeAsync(name, from: null);
        await ann.SubscribeAsync("rooms/4", from: null);
        await ann.UnsubscribeAsync("rooms/4");
        await ann.PublishAsync("rooms/5", "nobody listens", id: null);

        var first = await ann.ChannelsAsync("rooms/", cursor: null, limit: 2);
        var second = await ann.ChannelsAsync("rooms/", first.Cursor, limit: 2);

        Assert.Equal(["rooms/1", "rooms/2"], first.Names);
        Assert.NotNull(first.Cursor);
        Assert.Equal(["rooms/3"], second.Names);
        Assert.Null(second.Cursor);
    }

    private static async Task<IEnumerable<string>> NamesAsync(IConnection somebody) =>
        (await somebody.PresenceAsync("room"))!.Order(); // The channel keeps presence.
}
