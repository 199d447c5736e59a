using System.Text;
using System.Text.RegularExpressions;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>
/// Runs the <c>curl</c> lines of docs/http.md in their order against one server. Below each stands what comes: maybe a
/// status line and some of the headers, then the body.
/// </summary>
public sealed partial class DocumentedTests
{
    [Fact]
    public async Task Every_line_of_the_page_does_what_it_says()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        var (tag, receipt) = ("", "");
        var count = 0;

        foreach (var (line, expected) in await ExamplesAsync())
        {
            var answer = await RunAsync(client, line, ("$TAG", tag), ("$RECEIPT", receipt));

            Check(line, expected, answer);
            if (answer.Header("ETag") is { Length: > 0 } newTag) tag = newTag;
            if (answer.Body.Contains("\"receipt\":", StringComparison.Ordinal)) receipt = answer.Field("receipt");
            count++;
        }

        Assert.InRange(count, 20, 100);
    }

    private static void Check(string line, List<string> expected, HttpAnswer answer)
    {
        var status = 200;
        foreach (var said in expected)
        {
            if (StatusLine().Match(said) is { Success: true } statusLine)
            {
                status = int.Parse(statusLine.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal(statusLine.Groups[2].Value, answer.Message.ReasonPhrase);
            }
            else if (HeaderLine().Match(said) is { Success: true } header)
            {
                Assert.Matches(Pattern(header.Groups[2].Value), answer.Header(header.Groups[1].Value));
            }
            else
            {
                Assert.Matches(Pattern(said), answer.Body.TrimEnd('\n'));
            }
        }

        Assert.True(status == answer.Status, $"{line}\nanswered {answer.Status}: {answer.Body}");
    }

    private static string Pattern(string text) => $"^{Regex.Escape(text).Replace("…", ".+", StringComparison.Ordinal)}$";

    private static async Task<List<(string Line, List<string> Expected)>> ExamplesAsync()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Directory.Packages.props"))) root = root.Parent!; // It is above.

        var examples = new List<(string Line, List<string> Expected)>();
        var isInside = false;
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(root.FullName, "docs/http.md"), TestContext.Current.CancellationToken))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) isInside = !isInside;
            else if (isInside && line.StartsWith("$ ", StringComparison.Ordinal)) examples.Add((line[2..], []));
            else if (isInside && line.Length > 0) examples[^1].Expected.Add(line);
        }

        return examples;
    }

    private static Task<HttpAnswer> RunAsync(HttpDriver client, string line, params (string Name, string Value)[] variables)
    {
        var words = Word().Matches(line).Select(word => word.Value.Trim('\'', '"')).ToList();
        foreach (var (name, value) in variables) words = words.ConvertAll(word => word.Replace(name, value, StringComparison.Ordinal));
        Assert.Equal("curl", words[0]);
        var (method, path) = ("", "");
        byte[]? body = null;
        var headers = new List<string>();
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] == "-X") method = words[++i];
            else if (words[i] == "-d") body = Encoding.UTF8.GetBytes(words[++i]);
            else if (words[i] == "-H") headers.Add(words[++i]);
            else if (words[i] != "-i") path = words[i].Replace("localhost:8080", "", StringComparison.Ordinal);
        }

        // As curl does.
        if (method.Length == 0) method = body is null ? "GET" : "POST";
        var isTyped = body is null || headers.Exists(header => header.StartsWith("Content-Type", StringComparison.Ordinal));
        if (!isTyped) headers.Add("Content-Type: application/x-www-form-urlencoded");
        return client.AskAsync(method, path, body, [.. headers]);
    }

    [GeneratedRegex("""'[^']*'|"[^"]*"|[^ ]+""")]
    private static partial Regex Word();

    [GeneratedRegex("^HTTP/1.1 ([0-9]{3}) (.+)$")]
    private static partial Regex StatusLine();

    [GeneratedRegex("^([A-Z][A-Za-z-]+): (.+)$")]
    private static partial Regex HeaderLine();
}
