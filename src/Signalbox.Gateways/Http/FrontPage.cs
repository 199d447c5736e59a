using System.Text;
using Microsoft.AspNetCore.Http;

namespace Signalbox.Gateways.Http;

/// <summary>What there is, for somebody who opens the address in a browser or asks it with curl.</summary>
internal static class FrontPage
{
    public static byte[] Write(HttpRequest request)
    {
        var root = $"{request.Scheme}://{request.Host.Value}";
        var page = new StringBuilder();
        page.Append("Signalbox: channels, hash keys and queues.\n\n");
        foreach (var route in HttpRoutes.All.Append(HttpRoutes.Stream))
        {
            var fields = string.Concat(route.Query.Select(field => $" ?{field.Name}"));
            page.Append($"  {route.Method,-6} {route.Path,-24} {route.Summary}{fields}\n");
        }

        page.Append($"  {"GET",-6} {"/ws",-24} A WebSocket: every command, one JSON object a message.\n");

        page.Append(
            $$"""

            Try it:

              curl -N '{{root}}/sse?channel=news'
              curl {{root}}/channels/news -d 'hello'
              curl {{root}}/channels/news
              curl -X PUT {{root}}/hash/colour -d 'green'
              curl -i {{root}}/hash/colour
              curl {{root}}/queues/jobs -d 'work'
              curl -X POST '{{root}}/queues/jobs/pop?wait=30s&reserve=60s'
              curl {{root}}/api/incr -d '{"key":"visits"}'

            """);
        return Encoding.UTF8.GetBytes(page.ToString());
    }
}
