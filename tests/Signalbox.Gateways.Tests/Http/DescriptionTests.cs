using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signalbox.Core.Channels;
using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Protocol.Commands;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>
/// What <c>/openapi.json</c> says is so: here each status that it has is met. (That no other is met is checked by
/// <see cref="HttpDriver"/> in every test.)
/// </summary>
public sealed class DescriptionTests
{
    private const string Elsewhere = "Origin: https://example.com";

    // Only met while the server stops: see the test of that.
    private static readonly (string, string, int) NotReady = ("GET", "/health/ready", 503);

    // Only met while a loop or a gate stands still: see the tests of that.
    private static readonly (string, string, int) NotLive = ("GET", "/health/live", 503);

    // Only met where there are keys: see the tests of metrics.
    private static readonly (string, string, int) NotKnown = ("GET", "/metrics", 401);

    [Fact]
    public async Task Every_status_that_is_described_is_met()
    {
        var log = new HeldLog();
        log.Release();
        await using var host = await HttpHost.StartAsync(plan => Limit(plan, log));
        using var client = await host.ClientAsync();
        var met = new HashSet<(string, string, int)> { NotReady, NotLive, NotKnown };
        // A stream does not end by itself: its statuses are met by the tests of streams.
        met.UnionWith(client.Described.Where(one => one.Path == "/sse"));

        var receipt = await AskAsync(client, Requests(), "", met);
        log.HasRoom = false;
        await AskAsync(client, RequestsWithoutRoom(), receipt, met);

        Assert.Empty(client.Described.Except(met).Select(one => $"{one}"));
        Assert.Empty(met.Except(client.Described).Select(one => $"{one}"));
    }

    [Fact]
    public async Task Every_command_that_a_request_may_do_is_named_and_each_of_them_is_known()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        using var description = JsonDocument.Parse((await client.GetAsync("/openapi.json")).Body);

        var names = description.RootElement.GetProperty("paths").GetProperty("/api/{command}").GetProperty("post")
            .GetProperty("parameters")[0].GetProperty("schema").GetProperty("enum").EnumerateArray()
            .Select(name => name.GetString()!).ToList();

        var known = Enum.GetValues<CommandName>().Where(name => name != CommandName.None)
            .Select(name => Encoding.UTF8.GetString(CommandNames.Utf8Of(name)));
        Assert.Equal(["hello", "subscribe", "unsubscribe"], known.Except(names).Order());
        foreach (var name in names) Assert.NotEqual("720", (await client.PostAsync($"/api/{name}", "{\"seq\":1}")).Field("code"));
    }

    [Fact]
    public async Task What_generators_read_is_in_order()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        using var description = JsonDocument.Parse((await client.GetAsync("/openapi.json")).Body);
        var root = description.RootElement;

        var paths = root.GetProperty("paths").EnumerateObject().ToList();
        var operations = paths.SelectMany(path => path.Value.EnumerateObject().Select(one => (Path: path.Name, one.Value))).ToList();

        Assert.Contains("/sse", paths.Select(path => path.Name));
        Assert.Equal(operations.Count, operations.Select(one => one.Value.GetProperty("operationId").GetString()).Distinct().Count());
        foreach (var (path, operation) in operations)
        {
            var inPath = operation.GetProperty("parameters").EnumerateArray()
                .Where(one => one.GetProperty("in").GetString() == "path").Select(one => $"{{{one.GetProperty("name")}}}");
            Assert.Equal(Regex.Matches(path, "{.*?}").Select(hole => hole.Value), inPath);
        }

        foreach (Match reference in Regex.Matches(root.GetRawText(), "\"#/components/schemas/(.*?)\""))
        {
            Assert.True(root.GetProperty("components").GetProperty("schemas").TryGetProperty(reference.Groups[1].Value, out _));
        }
    }

    [Fact]
    public async Task The_front_page_names_every_address()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var page = await client.GetAsync("/");

        Assert.Equal("text/plain; charset=utf-8", page.ContentType);
        foreach (var (method, path, _) in client.Described) Assert.Matches($"{method} +{Regex.Escape(path)} ", page.Body);
        Assert.Matches("GET +/ws ", page.Body);
        Assert.Contains($"curl http://{host.EndPoint}/channels/news", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_lives_and_is_not_ready()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        using var asked = new SemaphoreSlim(0);
        using var isStopping = new ManualResetEventSlim();
        using var isAnswered = new ManualResetEventSlim();
        host.Lifetime.ApplicationStopping.Register(() =>
        {
            isStopping.Set();
            asked.Release();
            isAnswered.Wait(TimeSpan.FromSeconds(20));
        });
        Assert.Equal(200, (await client.GetAsync("/health/ready")).Status);

        var stopping = Task.Run(host.StopAsync, TestContext.Current.CancellationToken);
        await asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var live = await client.GetAsync("/health/live");
        var ready = await client.GetAsync("/health/ready");
        isAnswered.Set();
        await stopping;

        Assert.Equal((200, 503), (live.Status, ready.Status));
    }

    /// <returns>The receipt that came last.</returns>
    private static async Task<string> AskAsync(
        HttpDriver client,
        IEnumerable<(string Method, string Path, string Request)> requests,
        string receipt,
        HashSet<(string, string, int)> met)
    {
        foreach (var (method, path, request) in requests)
        {
            var parts = request.Replace("$RECEIPT", receipt, StringComparison.Ordinal).Split(" | ");
            // A header of the content needs a content.
            var body = parts.Length > 1 || method is "POST" or "PUT" ? Encoding.UTF8.GetBytes(parts.ElementAtOrDefault(1) ?? "") : null;
            var answer = await client.AskAsync(method, parts[0], body, parts[Math.Min(2, parts.Length)..]);
            met.Add((method, path, answer.Status));
            if (answer.Body.Contains("\"receipt\":", StringComparison.Ordinal)) receipt = answer.Field("receipt");
        }

        return receipt;
    }

    private static void Limit(HostPlan plan, HeldLog log)
    {
        plan.Log = log;
        plan.Rule("kept", new ChannelOptions { Durability = Durability.Always });
        plan.Rule("small", new ChannelOptions { MaxPayloadBytes = 4 });
        plan.Rule("limited", new ChannelOptions { RateLimit = 1 });
        plan.Http.MaxBodyBytes = 1000;
        plan.Limits = EngineLimits.Default with { Queue = EngineLimits.Default.Queue with { MaxWaiters = 0 } };
    }

    // The address of the description, and a request: path | body | headers.
    private static IEnumerable<(string Method, string Path, string Request)> Requests()
    {
        var big = new string('x', 1001);
        foreach (var (path, prefix) in new[] { ("/api/{command}", "/api/"), ("/api", "/api") })
        {
            string Body(string command, string rest) => prefix == "/api" ? $"{{\"command\":\"{command}\"{rest}}}" : $"{{{rest.TrimStart(',')}}}";
            string At(string command) => prefix == "/api" ? "/api" : $"/api/{command}";
            yield return ("POST", path, $"{At("ping")} | {Body("ping", "")}");
            yield return ("POST", path, $"{At("get")} | {Body("get", "")}");
            yield return ("POST", path, $"{At("ping")} | {Body("ping", "")} | {Elsewhere}");
            yield return ("POST", path, $"{At("nonsense")} | {Body("nonsense", "")}");
            yield return ("POST", path, $"{At("qack")} | {Body("qack", ",\"key\":\"none\",\"receipt\":\"1-1\"")}");
            yield return ("POST", path, $"{At("history")} | {Body("history", ",\"key\":\"a\",\"epoch\":\"other\"")}");
            yield return ("POST", path, $"{At("ping")} | {big}");
            yield return ("POST", path, $"{At("ping")} | {Body("ping", "")} | Content-Encoding: gzip");
            yield return ("POST", path, $"{At("publish")} | {Body("publish", ",\"key\":\"limited\",\"value\":1")}");
            yield return ("POST", path, $"{At("publish")} | {Body("publish", ",\"key\":\"limited\",\"value\":1")}");
        }

        foreach (var list in new[] { "/channels", "/hash", "/queues" })
        {
            yield return ("GET", list, list);
            yield return ("GET", list, $"{list}?limit=many");
        }

        foreach (var (method, path, root) in new[]
        {
            ("POST", "/channels/{name}", "/channels/"), ("PUT", "/hash/{name}", "/hash/"), ("POST", "/queues/{name}", "/queues/"),
        })
        {
            yield return (method, path, $"{root}a | 1");
            yield return (method, path, $"{root}a?typo=1 | 1");
            yield return (method, path, $"{root}$a | 1");
            yield return (method, path, $"{root}a | {big}");
            yield return (method, path, $"{root}a | x | Content-Encoding: br");
        }

        yield return ("POST", "/channels/{name}", "/channels/limited | 1");
        yield return ("GET", "/channels/{name}", "/channels/a?epoch=other");
        yield return ("PUT", "/hash/{name}", "/hash/a | 1 | If-None-Match: *");
        yield return ("GET", "/hash/{name}", "/hash/none");
        yield return ("GET", "/hash/{name}", "/hash/a |  | If-None-Match: *");
        yield return ("DELETE", "/hash/{name}", "/hash/a |  | If-Match: \"1\"");
        yield return ("DELETE", "/hash/{name}", "/hash/$a");
        yield return ("POST", "/queues/{name}/pop", "/queues/a/pop");
        yield return ("POST", "/queues/{name}/pop", "/queues/a/pop");
        yield return ("POST", "/queues/{name}/pop", "/queues/a/pop?wait=1s");
        yield return ("POST", "/queues/{name}/pop", "/queues/$a/pop");
        yield return ("POST", "/queues/{name}/pop", "/queues/a/pop?wait=x");
        yield return ("GET", "/queues/{name}", "/queues/$a");
        yield return ("DELETE", "/queues/{name}", "/queues/$a");
        foreach (var request in Rest()) yield return request;
    }

    // The last that came before reserved an item of queue b.
    private static IEnumerable<(string Method, string Path, string Request)> RequestsWithoutRoom() =>
    [
        ("POST", "/api", "/api | {\"command\":\"set\",\"key\":\"a\",\"value\":1}"),
        ("POST", "/api/{command}", "/api/set | {\"key\":\"a\",\"value\":1}"),
        ("POST", "/channels/{name}", "/channels/kept | 1"),
        ("PUT", "/hash/{name}", "/hash/b | 2"),
        ("DELETE", "/hash/{name}", "/hash/b"),
        ("POST", "/queues/{name}", "/queues/b | 1"),
        ("POST", "/queues/{name}/extend", "/queues/b/extend?receipt=$RECEIPT&reserve=1m"),
        ("POST", "/queues/{name}/pop", "/queues/b/pop?reserve=1m"),
        ("DELETE", "/queues/{name}", "/queues/b"),
    ];

    private static IEnumerable<(string Method, string Path, string Request)> Rest()
    {
        foreach (var (verb, more) in new[] { ("ack", ""), ("nack", ""), ("extend", "&reserve=1m") })
        {
            yield return ("POST", "/queues/{name}", "/queues/a | 1");
            yield return ("POST", "/queues/{name}/pop", "/queues/a/pop?reserve=1h");
            yield return ("POST", $"/queues/{{name}}/{verb}", $"/queues/a/{verb}?receipt=$RECEIPT{more}");
            yield return ("POST", $"/queues/{{name}}/{verb}", $"/queues/a/{verb}?receipt=1-1{more}");
            yield return ("POST", $"/queues/{{name}}/{verb}", $"/queues/a/{verb}");
            yield return ("POST", $"/queues/{{name}}/{verb}", $"/queues/$a/{verb}?receipt=1-1{more}");
        }

        foreach (var (method, path, request) in new[]
        {
            ("GET", "/", "/"), ("GET", "/openapi.json", "/openapi.json"), ("GET", "/health/live", "/health/live"),
            ("GET", "/health/ready", "/health/ready"), ("GET", "/metrics", "/metrics"), ("GET", "/channels", "/channels"), ("GET", "/hash", "/hash"), ("GET", "/queues", "/queues"),
            ("GET", "/channels/{name}", "/channels/a"), ("GET", "/hash/{name}", "/hash/a"), ("DELETE", "/hash/{name}", "/hash/a"),
            ("GET", "/queues/{name}", "/queues/a"), ("DELETE", "/queues/{name}", "/queues/a"),
        })
        {
            yield return (method, path, request);
            yield return (method, path, $"{request} |  | {Elsewhere}");
            if (path.Contains('{', StringComparison.Ordinal)) yield return (method, path, $"{request}?typo=1");
        }

        yield return ("PUT", "/hash/{name}", "/hash/b | 1");
        yield return ("POST", "/queues/{name}", "/queues/b | 1");
        yield return ("POST", "/queues/{name}", "/queues/b | 2");
        yield return ("POST", "/queues/{name}/pop", "/queues/b/pop?reserve=1h");
    }
}
