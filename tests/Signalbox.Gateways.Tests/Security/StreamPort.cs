using System.Net.Http.Headers;
using System.Text.Json;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>A stream of server-sent events: to open it is to subscribe to what its address names.</summary>
/// <param name="inAddress">Whether the token stands in the address, as a browser's has to, or in the header.</param>
internal sealed class StreamPort(HttpHost host, bool inAddress) : IPermissionPort
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Client = new();

    public bool Speaks(string body) => body.Field("command") == "subscribe";

    public async Task<string> AskAsync(string? token, string body)
    {
        using var patience = new CancellationTokenSource(Patience);
        var query = string.Join('&', Names(body).Select(name => $"channel={Uri.EscapeDataString(name)}"));
        if (token is not null && inAddress) query += $"&token={token}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, $"/sse?{query}"));
        if (token is not null && !inAddress)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
        if (!response.IsSuccessStatusCode)
        {
            return Refusal((int)response.StatusCode, await lines.ReadToEndAsync(patience.Token));
        }

        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return line["data: ".Length..].Field("code");
        }

        throw new EndOfStreamException("The stream ended without a word.");
    }

    // The status says the same as the error.
    private static string Refusal(int status, string error)
    {
        Assert.Equal($"{status}", error.Field("code"));
        return $"{status}";
    }

    private static IEnumerable<string> Names(string body)
    {
        using var document = JsonDocument.Parse(body);
        var key = document.RootElement.GetProperty("key");
        return key.ValueKind == JsonValueKind.Array
            ? [.. key.EnumerateArray().Select(name => name.ToString())]
            : [key.ToString()];
    }
}
