using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Signalbox.Client;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>Who was there through a silo that is killed.</summary>
public sealed class PresenceTests
{
    private const string Secret = "a secret that is long enough to sign with";
    private const int Rooms = 12;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Who_came_through_a_killed_silo_is_gone_everywhere_soon_and_at_once()
    {
        await using var cluster = await SiloCluster.StartAsync(
            2, "--Security:Keys:0:Algorithm", "HS256", "--Security:Keys:0:Secret", Secret);
        await cluster.SpreadAsync(TokenOf("watcher"));
        var (lost, left) = (cluster.Silos[0], cluster.Silos[1]);
        var survivor = cluster.Client(TokenOf("survivor"), [left]);
        string[] users = ["ada", "ben", "cem"];
        var goners = users.Select(user => cluster.FaithfulClient(lost, TokenOf(user))).ToList();
        foreach (var client in goners.Append(survivor))
        {
            for (var i = 0; i < Rooms; i++) await client.SubscribeAsync($"room/{i}");
        }

        await lost.SignalAsync("KILL");
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Rooms).Select(i => UntilAloneAsync(survivor, $"room/{i}", users.Length)));

        foreach (var user in users) Assert.Empty(await survivor.UserAsync(user));
        Assert.Single(await survivor.UserAsync("survivor"));
        var taken = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"presence was true again after {taken.TotalSeconds:F2} s");
        Assert.True(taken < Bound, $"It took {taken} until those of the killed silo were gone.");
    }

    // Presence has no event that outlives the silo of its channel, so it is asked for.
    private static async Task UntilAloneAsync(SignalboxClient client, string room, int others)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Child.Patience; await pace.WaitForNextTickAsync())
        {
            var members = await client.PresenceAsync(room);
            var strangers = members.Count(member => member.User != "survivor");
            Assert.True(strangers == 0 || strangers == others, $"{room} has {strangers} of {others} who went together.");
            if (strangers == 0 && members.Count == 1) return;
        }

        Assert.Fail($"{room} has ghosts.");
    }

    private static string TokenOf(string user)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = $$$"""{"sub":"{{{user}}}","iat":{{{now}}},"exp":{{{now + 600}}},"signalbox":{"admin":true}}""";
        var text = $"{Encode("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{text}.{Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)))}";
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
