using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>A request of HTTP, with its token in the header.</summary>
internal sealed class RequestPort(HttpHost host) : IPermissionPort
{
    // They are about a connection, and a request is none.
    private static readonly string[] OfConnections = ["subscribe", "unsubscribe", "hello"];

    private static readonly HttpClient Client = new();

    public bool Speaks(string body) => !OfConnections.Contains(body.Field("command"));

    public async Task<string> AskAsync(string? token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/api"));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var response = await Client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return JsonDocument.Parse(answer).RootElement.GetProperty("code").ToString();
    }
}
