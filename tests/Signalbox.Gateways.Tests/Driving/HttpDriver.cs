using System.Text;
using System.Text.Json;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>
/// A client that checks every answer against the server's own description: an address, method or status that is not in
/// it fails whichever test meets it.
/// </summary>
internal sealed class HttpDriver : IDisposable
{
    // Far longer than anything takes: whoever waits this long waits in vain.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;
    private readonly Dictionary<(string Method, string Path), HashSet<string>> _described = [];

    private HttpDriver(HttpClient client) => _client = client;

    /// <summary>Every method, address and status of the description, in its words.</summary>
    public IEnumerable<(string Method, string Path, int Status)> Described =>
        from operation in _described
        from status in operation.Value
        where status != "default"
        select (operation.Key.Method, operation.Key.Path, int.Parse(status, System.Globalization.CultureInfo.InvariantCulture));

    public static async Task<HttpDriver> ConnectAsync(Uri server, HttpMessageHandler handler, Version version)
    {
        var driver = new HttpDriver(new HttpClient(handler)
        {
            BaseAddress = server,
            Timeout = Patience,
            DefaultRequestVersion = version,
        });
        using var description = JsonDocument.Parse(await driver._client.GetStringAsync("/openapi.json"));
        foreach (var path in description.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var statuses = operation.Value.GetProperty("responses").EnumerateObject().Select(response => response.Name);
                driver._described.Add((operation.Name.ToUpperInvariant(), path.Name), [.. statuses]);
            }
        }

        return driver;
    }

    public Task<HttpAnswer> GetAsync(string path, params string[] headers) => AskAsync("GET", path, null, headers);

    public Task<HttpAnswer> PostAsync(string path, string? body = null, params string[] headers) =>
        AskAsync("POST", path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    public Task<HttpAnswer> PutAsync(string path, string body, params string[] headers) =>
        AskAsync("PUT", path, Encoding.UTF8.GetBytes(body), headers);

    public Task<HttpAnswer> DeleteAsync(string path, params string[] headers) => AskAsync("DELETE", path, null, headers);

    /// <param name="headers">As <c>Name: value</c>.</param>
    public async Task<HttpAnswer> AskAsync(string method, string path, byte[]? body, params string[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Version = _client.DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (body is not null) request.Content = new ByteArrayContent(body);
        foreach (var header in headers)
        {
            var (name, value) = (header.Split(": ")[0], header[(header.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
            if (request.Headers.TryAddWithoutValidation(name, value)) continue;
            request.Content!.Headers.TryAddWithoutValidation(name, value); // Whoever says what the body is has one.
        }

        var message = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = new HttpAnswer((int)message.StatusCode, await message.Content.ReadAsByteArrayAsync(), message);
        Check(method, path, answer);
        return answer;
    }

    public void Dispose() => _client.Dispose();

    private void Check(string method, string path, HttpAnswer answer)
    {
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        if (answer.Status >= 400 && method != "HEAD") CheckProblem(answer);
        if (_described.TryGetValue((method == "HEAD" ? "GET" : method, PathOf(path)), out var statuses))
        {
            var isDescribed = statuses.Contains($"{answer.Status}") || answer.Status is 408 or >= 500;
            Assert.True(isDescribed, $"{method} {path} answered {answer.Status}, which is not described: {answer.Body}");
        }
        else
        {
            var isRefused = answer.Status is 403 or 404 or 405 || (method == "OPTIONS" && answer.Status == 204);
            Assert.True(isRefused, $"{method} {path} is not described and answered {answer.Status}.");
        }
    }

    private static void CheckProblem(HttpAnswer answer)
    {
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal($"{answer.Status}", answer.Field("status"));
        Assert.NotEmpty(answer.Field("type"));
        Assert.NotEmpty(answer.Field("title"));
        Assert.NotEmpty(answer.Field("detail"));
    }

    // The address as the description has it, with a hole for the name.
    private string PathOf(string path)
    {
        path = path.Split('?')[0];
        var best = path.Length > 1 ? path.TrimEnd('/') : path;
        foreach (var (_, known) in _described.Keys.OrderBy(key => key.Path.Length))
        {
            if (known.Split(['{', '}']) is not [var root, _, var verb]) continue;
            if (path.Length <= root.Length + verb.Length || !path.StartsWith(root, StringComparison.Ordinal)) continue;
            if (path.EndsWith(verb, StringComparison.Ordinal)) best = known;
        }

        return best;
    }
}
