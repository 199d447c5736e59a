using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>One stream as a browser reads it, with the framework's own parser, which knows nothing of ours.</summary>
internal sealed class SseReader : IAsyncDisposable
{
    // Far longer than anything takes: whoever waits this long waits in vain.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly HttpClient OneConnectionEach = new() { Timeout = Timeout.InfiniteTimeSpan };

    private readonly string _name;
    private readonly HttpResponseMessage _response;
    private readonly SseParser<string> _parser;
    private readonly CancellationTokenSource _patience = new();
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private SseReader(string name, HttpResponseMessage response, Stream body)
    {
        _name = name;
        _response = response;
        _parser = SseParser.Create(body);
        _items = _parser.EnumerateAsync(_patience.Token).GetAsyncEnumerator();
    }

    /// <summary>What was said first: where the stream stands.</summary>
    public SseItem<string> Opening { get; private set; }

    /// <summary>What a browser would send to come back.</summary>
    public string LastId => _parser.LastEventId;

    public TimeSpan Retry => _parser.ReconnectionInterval;

    public Version Version => _response.Version;

    public static async Task<SseReader> OpenAsync(Uri address, string name, string? lastId, HttpClient? client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        if (client is not null) (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy);
        var response = await (client ?? OneConnectionEach).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var reader = new SseReader(name, response, await response.Content.ReadAsStreamAsync());
        reader.Opening = await reader.ReadAsync("where the stream stands");
        return reader;
    }

    public async Task<SseItem<string>> ReadAsync(string phase) =>
        await TryReadAsync(phase) ?? throw new EndOfStreamException($"{_name} was closed while it waited for {phase}.");

    /// <summary>Waits for the next event, which is of this name, and gives its data.</summary>
    public async Task<string> ReadAsync(string type, string phase)
    {
        var item = await ReadAsync(phase);
        return item.EventType == type
            ? item.Data
            : throw new InvalidDataException($"{_name} got {item.EventType} {item.Data} and not {phase}.");
    }

    /// <returns>The next event, or null where the stream is over.</returns>
    public async Task<SseItem<string>?> TryReadAsync(string phase)
    {
        _patience.CancelAfter(Patience);
        try
        {
            return await _items.MoveNextAsync() ? _items.Current : null;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} waited {Patience.TotalSeconds} s for {phase}.");
        }
        catch (Exception e) when (e is HttpIOException or IOException)
        {
            return null;
        }
    }

    /// <summary>Goes away in the middle of the stream.</summary>
    public void Cut() => _response.Dispose();

    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        _patience.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Looks into the data of events.</summary>
internal static class EventData
{
    /// <summary>What lies at the end of a path of names, as text, or as JSON where it is no string; empty where nothing does.</summary>
    public static string At(this string data, params string[] path)
    {
        using var document = JsonDocument.Parse(data);
        var element = document.RootElement;
        foreach (var name in path)
        {
            if (!element.TryGetProperty(name, out element)) return "";
        }

        return element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetRawText() : element.ToString();
    }
}
