using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Signalbox.Server.Tests.Recovery;

/// <summary>A stream of server-sent events and the framework's parser: comes back with the last event's id.</summary>
internal sealed class SseFollower(int port, int seed) : Follower(port, seed)
{
    private readonly HttpClient _client = new();
    private string? _lastId;

    public override async Task FollowAsync()
    {
        while (!IsDone)
        {
            try
            {
                await ReadAsync();
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // Cut.
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Cable.Endpoint}/sse?channel={Channel}");
        if (_lastId is not null) request.Headers.Add("Last-Event-ID", _lastId);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var parser = SseParser.Create(await response.Content.ReadAsStreamAsync());
        await foreach (var item in parser.EnumerateAsync())
        {
            Take(item);
            if (parser.LastEventId.Length > 0) _lastId = parser.LastEventId;
            if (IsDone) return;
        }
    }

    private void Take(SseItem<string> item)
    {
        using var document = JsonDocument.Parse(item.Data);
        var heard = document.RootElement;
        switch (item.EventType)
        {
            case "subscribed":
                IsReady();
                break;

            case "recovered":
                Assert.True(heard.GetProperty("channels").GetProperty(Channel).GetProperty("recovered").GetBoolean());
                break;

            case "message":
                Note(heard.GetProperty("offset").GetInt64(), heard.GetProperty("value").GetString());
                break;
        }
    }
}
