using Signalbox.TestKit;
using Signalbox.Web.Outside.Tests.Outside;

namespace Signalbox.Web.Outside.Tests;

/// <summary>Streams as somebody sees them who knows nothing of ours.</summary>
public sealed class StreamTests(OutsideServer server)
{
    [Fact]
    public async Task Curl_shows_at_once_who_speaks_and_where_the_stream_stands_and_then_each_message()
    {
        await using var curl = Curl($"http://{server.Authority}/sse?channel=curl");

        await ReadOpeningAsync(curl, "curl");
        await ReadMessagesAsync(curl, "curl");
    }

    // It buffers what comes from behind it unless it is told not to: then nobody sees a message before many have come.
    [Fact]
    public async Task Through_nginx_as_it_comes_each_message_passes_at_once()
    {
        var folder = Directory.CreateTempSubdirectory("signalbox-nginx-");
        var port = FreePorts.Next();
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "nginx.conf"),
                Configuration(port),
                TestContext.Current.CancellationToken);
            await using var nginx = OutsideProgram.Start(
                Parts.Program("nginx"),
                ["-p", folder.FullName, "-c", "nginx.conf", "-e", "stderr"],
                speaksOnError: true);
            await nginx.ReadUntilAsync("event method", "its listening");

            await using var curl = Curl($"http://127.0.0.1:{port}/sse?channel=nginx");

            await ReadOpeningAsync(curl, "nginx");
            await ReadMessagesAsync(curl, "nginx");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static OutsideProgram Curl(string address) =>
        OutsideProgram.Start(
            Parts.Program("curl"),
            ["--no-buffer", "--silent", "--show-error", "--noproxy", "*", address]);

    private static async Task ReadOpeningAsync(OutsideProgram curl, string channel)
    {
        Assert.Equal($": signalbox, {channel}", await curl.ReadLineAsync("who speaks"));
        await curl.ReadUntilAsync("event: subscribed", "where the stream stands");
        Assert.Contains("\"code\":0", await curl.ReadLineAsync("the data of that"), StringComparison.Ordinal);
    }

    // The next one is published when the one before was seen.
    private async Task ReadMessagesAsync(OutsideProgram curl, string channel)
    {
        for (var n = 1; n <= 5; n++)
        {
            await server.PublishAsync(channel, $"message {n}");
            await curl.ReadUntilAsync($"\"value\":\"message {n}\"", $"message {n}");
        }
    }

    private string Configuration(int port) =>
        $$"""
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr notice;
        events { }
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:{{port}};
            location / { proxy_pass http://{{server.Authority}}; }
          }
        }
        """;
}
