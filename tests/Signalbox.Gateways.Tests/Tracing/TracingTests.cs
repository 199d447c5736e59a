using System.Diagnostics;
using System.Text.Json;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tracing;

namespace Signalbox.Gateways.Tests.Tracing;

/// <summary>How a trace goes on from who sends to who gets it. Listeners are the process's: these tests are alone.</summary>
[Collection("alone")]
public sealed class TracingTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = $"00-{Trace}-b7ad6b7169203331-01";

    private readonly List<Activity> _spans = [];
    private ActivityListener? _listener;

    [Fact]
    public async Task A_message_carries_the_trace_of_its_publisher_where_nobody_listens()
    {
        await using var host = await HttpHost.StartAsync();
        var reader = await ReaderAsync(host);

        await reader.SendAsync($$$"""{"command":"publish","key":"news","value":1,"headers":{"traceparent":"{{{Parent}}}","a":"b"}}""");

        Assert.Equal(Parent, HeaderOf(await reader.ReadAsync("the message"), "traceparent"));
    }

    [Fact]
    public async Task The_receivers_parent_is_our_span_and_its_parent_is_the_publishers()
    {
        Listen(ActivitySamplingResult.AllDataAndRecorded);
        await using var host = await HttpHost.StartAsync();
        var reader = await ReaderAsync(host);

        await reader.SendAsync(
            $$$"""{"command":"publish","key":"news","value":1,"headers":{"a":"b","traceparent":"{{{Parent}}}","tracestate":"x=y"}}""");
        var message = await reader.ReadAsync("the message");

        var span = Assert.Single(_spans);
        Assert.Equal(("publish", ActivityKind.Producer), (span.OperationName, span.Kind));
        Assert.Equal((Trace, "b7ad6b7169203331"), (span.TraceId.ToString(), span.ParentSpanId.ToString()));
        Assert.Equal("news", span.GetTagItem("messaging.destination.name"));
        Assert.Equal(span.Id, HeaderOf(message, "traceparent"));
        Assert.Equal("x=y", HeaderOf(message, "tracestate"));
        Assert.Equal("b", HeaderOf(message, "a"));
    }

    [Fact]
    public async Task A_message_without_a_trace_begins_one_where_somebody_listens()
    {
        Listen(ActivitySamplingResult.AllDataAndRecorded);
        await using var host = await HttpHost.StartAsync();
        var reader = await ReaderAsync(host);

        await reader.SendAsync("""{"command":"publish","key":"news","value":1}""");
        var message = await reader.ReadAsync("the message");

        Assert.Equal(Assert.Single(_spans).Id, HeaderOf(message, "traceparent"));
        Assert.Equal(default, _spans[0].ParentSpanId);
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task What_is_no_context_is_ignored(string parent)
    {
        Listen(ActivitySamplingResult.AllDataAndRecorded);
        await using var host = await HttpHost.StartAsync();
        var reader = await ReaderAsync(host);

        await reader.SendAsync($$$"""{"command":"publish","key":"news","value":1,"headers":{"traceparent":"{{{parent}}}"}}""");
        var message = await reader.ReadAsync("the message");

        Assert.Equal(Assert.Single(_spans).Id, HeaderOf(message, "traceparent"));
        Assert.Equal(default, _spans[0].ParentSpanId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_says_its_trace_in_its_header(bool isWatched)
    {
        if (isWatched) Listen(ActivitySamplingResult.AllDataAndRecorded);
        await using var host = await HttpHost.StartAsync();
        var reader = await ReaderAsync(host);
        using var raw = await host.RawAsync();

        await raw.SendAsync($"POST /channels/news HTTP/1.1\ntraceparent: {Parent}\nContent-Length: 1", "1");
        var carried = HeaderOf(await reader.ReadAsync("the message"), "traceparent");

        Assert.StartsWith($"00-{Trace}-", carried, StringComparison.Ordinal);
        Assert.Equal(!isWatched, carried == Parent);
    }

    [Fact]
    public async Task An_item_has_the_trace_of_who_pushed_it_when_it_is_popped()
    {
        Listen(ActivitySamplingResult.AllDataAndRecorded);
        await using var host = await HttpHost.StartAsync();
        var worker = await host.ConnectAsync();

        await worker.AskAsync(
            $$$"""{"command":"qpush","key":"jobs","value":1,"headers":{"traceparent":"{{{Parent}}}"},"seq":1}""");
        var item = await worker.AskAsync("""{"command":"qpop","key":"jobs","seq":2}""");

        Assert.Equal("push", Assert.Single(_spans).OperationName);
        Assert.Equal(_spans[0].Id, HeaderOf(item, "traceparent"));
    }

    [Fact]
    public async Task What_a_listener_does_not_want_goes_on_with_the_trace_that_it_came_with()
    {
        Listen(ActivitySamplingResult.None);
        await using var host = await HttpHost.StartAsync();
        var reader = await ReaderAsync(host);

        await reader.SendAsync($$$"""{"command":"publish","key":"news","value":1,"headers":{"traceparent":"{{{Parent}}}"}}""");

        Assert.Equal(Parent, HeaderOf(await reader.ReadAsync("the message"), "traceparent"));
        Assert.Empty(_spans);
    }

    public void Dispose() => _listener?.Dispose();

    private void Listen(ActivitySamplingResult sampling)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
            ActivityStarted = _spans.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static async Task<WebSocketDriver> ReaderAsync(HttpHost host)
    {
        var reader = await host.ConnectAsync();
        await reader.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");
        return reader;
    }

    private static string HeaderOf(string frame, string name)
    {
        using var document = JsonDocument.Parse(frame);
        return document.RootElement.GetProperty("user").GetProperty(name).GetString() ?? "";
    }
}
