using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>The dispatcher's port: the token goes with <c>hello</c>, and the command right behind it.</summary>
internal sealed class DispatcherPort(DispatcherHost host) : IPermissionPort
{
    public async Task<string> AskAsync(string? token, string body)
    {
        await using var client = await host.ConnectAsync();
        var command = body[..^1] + ",\"seq\":2}";
        if (token is null)
        {
            var answer = await client.AskAsync(command);
            if (answer.Field("code") == "401") await client.ReadEndAsync("the end, for who does not say who it is");
            return answer.Field("code");
        }

        // Both at once: who is not let in has its command not done, however early it was sent.
        await client.SendAsync($$"""{"command":"hello","token":"{{token}}","seq":1}""", command);
        var hello = await client.ReadAsync("the answer to hello");
        if (hello.Field("code") == "0") return (await client.ReadAsync("the answer to the command")).Field("code");

        await client.ReadEndAsync("the end, for who came with a bad token");
        return hello.Field("code");
    }
}
