using System.Text.Json;

namespace Signalbox.Server.Tests.Recovery;

/// <summary>Plain requests for what came since, again and again.</summary>
internal sealed class HistoryFollower(int port, int seed) : Follower(port, seed)
{
    private readonly HttpClient _client = new();
    private string? _epoch;
    private bool _isToBeCut;

    public override async Task FollowAsync()
    {
        IsReady();
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

    // Between two requests there is nothing to cut.
    protected override void Cut() => _isToBeCut = true;

    private async Task ReadAsync()
    {
        var epoch = _epoch is null ? "" : $"&epoch={_epoch}";
        var address = new Uri($"http://{Cable.Endpoint}/channels/{Channel}?since={Seen}&limit=100{epoch}");
        using var response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        if (_isToBeCut) Cable.Cut();
        _isToBeCut = false;
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        // It has one when there is the first message.
        if (Seen > 0 || document.RootElement.GetProperty("offset").GetInt64() > 0)
        {
            _epoch = document.RootElement.GetProperty("epoch").GetString();
        }

        foreach (var message in document.RootElement.GetProperty("value").EnumerateArray())
        {
            Note(message.GetProperty("offset").GetInt64(), message.GetProperty("value").GetString());
        }
    }
}
