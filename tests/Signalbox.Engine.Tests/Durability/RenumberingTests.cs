using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>
/// Nobody is given an offset under a name under which somebody may have seen another message with it, and nobody has to
/// begin from something without need.
/// </summary>
public sealed class RenumberingTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualClock _clock = new();
    private readonly List<EmbeddedEngine> _engines = [];
    private HeldLog _log = new();

    public void Dispose()
    {
        foreach (var engine in _engines) engine.Dispose();
    }

    [Fact]
    public async Task A_channel_of_which_everything_was_written_goes_on_after_a_crash()
    {
        var seen = await PublishAsync(Start(Core.Storage.Durability.Always, []), "one");

        var entered = await EnterAsync(Start(Core.Storage.Durability.Always, _log.Entries), seen);

        Assert.True(entered.Recovered);
        Assert.Equal(seen, entered.Position);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_channel_of_which_the_last_may_be_lost_goes_on_only_where_the_log_was_closed(bool wasClosed)
    {
        var seen = await PublishAsync(Start(Core.Storage.Durability.Interval, []), "one");
        var engine = Start(Core.Storage.Durability.Interval, _log.Entries, wasClosed);

        var entered = await EnterAsync(engine, seen);

        Assert.Equal(wasClosed, entered.Recovered);
        Assert.Equal(wasClosed, seen.Epoch == entered.Position.Epoch);
        Assert.Equal(1, entered.Position.Offset);
        var history = await engine.Channel("news").HistoryAsync(new HistoryRequest(0, 9, Reverse: false), None);
        Assert.Single(history.Messages);
    }

    [Fact]
    public async Task A_new_name_is_written_and_holds_at_the_next_start()
    {
        await PublishAsync(Start(Core.Storage.Durability.Interval, []), "one");
        var entries = _log.Entries.ToList();
        var seen = await PublishAsync(Start(Core.Storage.Durability.Interval, entries), "two");
        entries.AddRange(_log.Entries);

        var entered = await EnterAsync(Start(Core.Storage.Durability.Interval, entries, wasClosed: true), seen);

        Assert.True(entered.Recovered);
        Assert.Equal(new ChannelPosition(seen.Epoch, 2), entered.Position);
    }

    [Fact]
    public async Task A_channel_that_only_kept_its_value_has_it_under_a_new_name_which_nobody_writes_down()
    {
        var first = Start(Core.Storage.Durability.None, []);
        await PublishAsync(first, "value", retain: true);
        var seen = await PublishAsync(first, "live");

        var engine = Start(Core.Storage.Durability.None, _log.Entries, wasClosed: true);
        var entered = await EnterAsync(engine, seen);

        Assert.Equal(Requests.Text("value"), entered.Retained?.Payload);
        Assert.NotEqual(seen.Epoch, entered.Position.Epoch);
        Assert.NotEmpty(entered.Position.Epoch);
        Assert.False(entered.Recovered);
        Assert.Empty(_log.Entries);
        await PublishAsync(engine, "", retain: true);
        Assert.IsType<RetainedCleared>(Assert.Single(_log.Facts));
    }

    [Fact]
    public async Task A_channel_that_is_to_keep_everything_from_now_on_begins_to_with_its_value_and_a_name()
    {
        var first = Start(Core.Storage.Durability.None, []);
        await PublishAsync(first, "value", retain: true);
        var old = await PublishAsync(first, "live");
        var entries = _log.Entries.ToList();

        var seen = await PublishAsync(Start(Core.Storage.Durability.Always, entries), "one");
        entries.AddRange(_log.Entries);
        var entered = await EnterAsync(Start(Core.Storage.Durability.Always, entries), seen);

        Assert.NotEqual(old.Epoch, seen.Epoch);
        Assert.True(entered.Recovered);
    }

    [Fact]
    public async Task A_channel_that_is_to_keep_its_value_only_from_now_on_has_it_under_a_new_name()
    {
        var first = Start(Core.Storage.Durability.Always, []);
        await PublishAsync(first, "value", retain: true);
        var old = await PublishAsync(first, "one");

        var entered = await EnterAsync(Start(Core.Storage.Durability.None, _log.Entries), old);

        Assert.False(entered.Recovered);
        Assert.Equal(Requests.Text("value"), entered.Retained?.Payload);
    }

    private EmbeddedEngine Start(
        Core.Storage.Durability durability, IEnumerable<LogEntry> entries, bool wasClosed = false)
    {
        var known = entries.ToList();
        _log = new HeldLog();
        _log.Release();
        var rules = new ChannelRules([], ChannelOptions.Default with { Durability = durability });
        var engine = Restored.From(known, _clock, _log, rules, wasClosed: wasClosed);
        _engines.Add(engine);
        return engine;
    }

    private static async Task<ChannelPosition> PublishAsync(EmbeddedEngine engine, string text, bool retain = false)
    {
        await engine.Channel("news").PublishAsync(Requests.Publish(text) with { Retain = retain }, None);
        return (await engine.Channel("news").EnterAsync(new EnterRequest(null, null), None)).Position;
    }

    private static async Task<EnterAnswer> EnterAsync(EmbeddedEngine engine, ChannelPosition from) =>
        await engine.Channel("news").EnterAsync(new EnterRequest(null, from), None);
}
