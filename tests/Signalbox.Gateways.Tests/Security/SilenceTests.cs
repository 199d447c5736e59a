using System.Net.Http.Headers;
using System.Text;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Security;

public sealed class SilenceTests
{
    [Fact]
    public async Task No_token_comes_into_a_log_or_an_answer_however_it_was_handed_over_and_whatever_is_wrong_with_it()
    {
        var log = new WrittenLog();
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Logs = log;
            plan.Security.Keys.Add(new() { Algorithm = "HS256", Secret = TokenMaker.Secret });
        });
        var good = TokenMaker.Token(TimeProvider.System.GetUtcNow(), "anna", """{"queue":{"push":["jobs"]}}""");
        var answers = new List<string>();

        foreach (var token in new[] { good, good[..^2], "nonsense-that-nobody-knows" })
        {
            answers.Add(await AskAsync(host, $"/sse?channel=news&token={token}", null));
            answers.Add(await AskAsync(host, $"/ws?token={token}", null));
            answers.Add(await AskAsync(host, $"/queues/jobs?token={token}", null));
            answers.Add(await AskAsync(host, "/sse?channel=news", token));
            answers.Add(await AskAsync(host, "/queues/jobs", token));
            answers.Add(await AskAsync(host, "/api/qpush", token));
        }

        Assert.Contains(log.Lines, line => line.Contains("/api", StringComparison.Ordinal));
        Assert.All(log.Lines.Concat(answers), text =>
        {
            Assert.DoesNotContain(good[..^2], text, StringComparison.Ordinal);
            Assert.DoesNotContain("nonsense-that-nobody-knows", text, StringComparison.Ordinal);
            Assert.DoesNotContain(TokenMaker.Secret, text, StringComparison.Ordinal);
        });
    }

    private static async Task<string> AskAsync(HttpHost host, string address, string? token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(
            address.StartsWith("/api", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, new Uri(host.Address, address));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (request.Method == HttpMethod.Post)
        {
            request.Content = new StringContent("""{"key":"jobs","value":1}""", Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode
            ? $"{response.StatusCode}"
            : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
