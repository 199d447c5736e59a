using System.Net.Http.Headers;
using System.Text.Json;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>A request whose method and address say what the command is, and whose body is the value.</summary>
internal sealed class AddressPort(HttpHost host) : IPermissionPort
{
    private static readonly HttpClient Client = new();

    // The method and the address; {0} is the key.
    private static readonly Dictionary<string, (string Method, string Path)> Routes = new()
    {
        ["publish"] = ("POST", "/channels/{0}"),
        ["history"] = ("GET", "/channels/{0}"),
        ["channels"] = ("GET", "/channels"),
        ["set"] = ("PUT", "/hash/{0}"),
        ["get"] = ("GET", "/hash/{0}"),
        ["delete"] = ("DELETE", "/hash/{0}"),
        ["keys"] = ("GET", "/hash"),
        ["qpush"] = ("POST", "/queues/{0}"),
        ["qpop"] = ("POST", "/queues/{0}/pop"),
        ["qack"] = ("POST", "/queues/{0}/ack?receipt=1-1"),
        ["qnack"] = ("POST", "/queues/{0}/nack?receipt=1-1"),
        ["qextend"] = ("POST", "/queues/{0}/extend?receipt=1-1&reserve=1"),
        ["qcount"] = ("GET", "/queues/{0}"),
        ["qdelete"] = ("DELETE", "/queues/{0}"),
        ["queues"] = ("GET", "/queues"),
    };

    // One address names one key.
    public bool Speaks(string body) =>
        Routes.ContainsKey(body.Field("command")) && !body.Field("key").StartsWith('[');

    public async Task<string> AskAsync(string? token, string body)
    {
        var (method, path) = Routes[body.Field("command")];
        var key = string.Join('/', body.Field("key").Split('/').Select(Uri.EscapeDataString));
        var address = new Uri(host.Address, path.Replace("{0}", key, StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body.Field("value") is { Length: > 0 } value) request.Content = new StringContent(value);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var response = await Client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        // A key that is not there, and a queue with nothing in it, is an answer too.
        if (response.IsSuccessStatusCode || (int)response.StatusCode == 404) return "0";

        var code = JsonDocument.Parse(answer).RootElement.GetProperty("code").ToString();
        Assert.Equal(code, $"{(int)response.StatusCode}");
        return code;
    }
}
