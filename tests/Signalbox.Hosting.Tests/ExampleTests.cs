using System.Diagnostics;

namespace Signalbox.Hosting.Tests;

/// <summary>The example, run as its readers run it.</summary>
public sealed class ExampleTests
{
    private const string Listening = "Now listening on: ";

    [Fact]
    public async Task The_example_queues_an_order_and_tells_who_listens()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "InProcess.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true };
        using var example = Process.Start(start)!; // It is a new process.
        try
        {
            using var http = new HttpClient { BaseAddress = await AddressAsync(example) };

            using var ordered = await http.PostAsync("/orders/17", null, Token);
            using var popped = await http.PostAsync("/signalbox/queues/orders/pop", null, Token);

            Assert.Equal("Order 17 is queued, and 0 heard of it.\n", await ordered.Content.ReadAsStringAsync(Token));
            Assert.Contains("\"value\":\"17\"", await popped.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        finally
        {
            example.Kill();
        }
    }

    private static async Task<Uri> AddressAsync(Process example)
    {
        while (await example.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at) return new Uri(line[(at + Listening.Length)..]);
        }

        throw new InvalidOperationException("The example ended before it listened.");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
