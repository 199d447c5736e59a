using System.Text;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.WebSockets;

/// <summary>Frames that no good client sends, and good ones in bad pieces.</summary>
public sealed class HostileFrameTests
{
    private const string Ping = """{"command":"ping","seq":1}""";

    [Theory]
    [InlineData(1002, "81 02 7B 7D", "no mask")]
    [InlineData(1002, "91 80 00 00 00 00", "a reserved bit")]
    [InlineData(1002, "C1 80 00 00 00 00", "compressed, and nobody agreed to that")]
    [InlineData(1002, "83 80 00 00 00 00", "an unknown opcode")]
    [InlineData(1002, "80 80 00 00 00 00", "a continuation of nothing")]
    [InlineData(1002, "01 80 00 00 00 00 81 80 00 00 00 00", "a beginning within another")]
    [InlineData(1002, "09 80 00 00 00 00", "a ping in fragments")]
    [InlineData(1002, "89 FE 00 7E 00 00 00 00", "a ping of 126 bytes")]
    [InlineData(1002, "81 FE 00 01 00 00 00 00 61", "a length that is not the shortest")]
    [InlineData(1002, "88 81 00 00 00 00 03", "half a close code")]
    [InlineData(1002, "88 82 00 00 00 00 03 ED", "a close code that is never sent")]
    [InlineData(1007, "88 83 00 00 00 00 03 E8 FF", "a reason that is no UTF-8")]
    public async Task What_the_protocol_forbids_is_answered_with_its_close_code(int code, string bytes, string what)
    {
        await using var host = await HttpHost.StartAsync();
        var bystander = await host.ConnectAsync("bystander");
        var client = await host.ConnectAsync($"with {what}");

        await client.SendRawAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal(code, (await client.ReadCloseAsync($"the close frame for {what}")).Code);
        Assert.Equal("1", (await bystander.AskAsync(Ping)).Field("seq"));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_body_that_is_no_object_is_an_error_and_the_end(string body)
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();

        await client.SendAsync(Ping, body, Ping);

        Assert.Equal("1", (await client.ReadAsync("the answer to the good command")).Field("seq"));
        Assert.Equal("760", (await client.ReadAsync("the error")).Field("code"));
        Assert.Equal((1007, "malformed"), await client.ReadCloseAsync("the close frame"));
    }

    [Fact]
    public async Task Text_that_is_no_utf8_is_an_error_and_the_end()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();

        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Text, [.. "{\"command\":\""u8, 0xFF, .. "\",\"seq\":1}"u8]));

        Assert.Equal("760", (await client.ReadAsync("the error")).Field("code"));
        Assert.Equal((1007, "malformed"), await client.ReadCloseAsync("the close frame"));
    }

    [Theory]
    [InlineData("81 FE 00 7E 00 00 00 00 CE BA E1 BD B9 CF 83 F4 90", "a frame whose rest never comes")]
    [InlineData("01 83 00 00 00 00 CE BA E1 80 FE 00 7E 00 00 00 00 20", "a continuation that breaks a character")]
    [InlineData("01 84 00 00 00 00 CE BA ED A0", "a fragment of a message whose rest never comes")]
    [InlineData("01 83 00 00 00 00 CE BA E1 80 80 00 00 00 00", "a last fragment behind which a character is missing")]
    public async Task Text_that_is_no_utf8_is_the_end_before_the_message_is_there(string bytes, string what)
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync($"with {what}");

        await client.SendAsync(Ping);
        await client.SendRawAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal("1", (await client.ReadAsync("the answer to the good command")).Field("seq"));
        var end = await client.ReadAsync($"why it ended with {what}");
        Assert.Equal(("760", "malformed"), (end.Field("code"), end.Field("reason")));
        Assert.Equal((1007, "malformed"), await client.ReadCloseAsync("the close frame"));
    }

    [Theory]
    [InlineData("81 FE 07 D1", "one frame")]
    [InlineData("81 FF 7F FF FF FF FF FF FF FF", "an announced one of many exabytes")]
    [InlineData("01 81 00 00 00 00 61 80 FE 07 D0", "two fragments together")]
    public async Task A_message_above_the_limit_is_refused_before_it_comes(string bytes, string what)
    {
        await using var host = await HttpHost.StartAsync(plan => plan.WebSockets.MaxMessageBytes = 2000);
        var client = await host.ConnectAsync(what);

        await client.SendRawAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        var end = await client.ReadAsync("why it ended");
        Assert.Equal(("740", "frame_too_large"), (end.Field("code"), end.Field("reason")));
        Assert.Equal((1009, "frame_too_large"), await client.ReadCloseAsync("the close frame"));
    }

    [Fact]
    public async Task A_message_of_the_longest_length_is_taken()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();

        Assert.Equal("1", (await client.AskAsync(Ping + new string(' ', (1024 * 1024) - Ping.Length))).Field("seq"));
    }

    [Fact]
    public async Task Frames_are_understood_wherever_they_are_cut()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();
        byte[] frames = [.. WebSocketDriver.Frame(Ping), .. WebSocketDriver.Frame("""{"command":"count","seq":2}""")];

        for (var cut = 1; cut < frames.Length; cut++)
        {
            await client.SendRawAsync(frames.AsMemory(0, cut));
            await client.SendRawAsync(frames.AsMemory(cut));

            Assert.Equal("1", (await client.ReadAsync($"the first answer, cut at {cut}")).Field("seq"));
            Assert.Equal("2", (await client.ReadAsync($"the second answer, cut at {cut}")).Field("seq"));
        }
    }

    [Fact]
    public async Task A_command_may_come_in_fragments_with_pings_between_them()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();
        var body = Encoding.UTF8.GetBytes("""{"command":"ping","seq":"é"}""");

        for (var n = 0; n < body.Length; n++)
        {
            var first = (byte)((n == 0 ? 0x01 : 0x00) | (n == body.Length - 1 ? 0x80 : 0x00));
            await client.SendRawAsync(WebSocketDriver.Frame(first, [body[n]]));
            if (n == 5) await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Ping, "are you there?"u8));
        }

        var (opcode, payload) = await client.ReadFrameAsync("the answer to the ping");
        Assert.Equal((WebSocketDriver.Pong, "are you there?"), (opcode, Encoding.UTF8.GetString(payload)));
        Assert.Equal("é", (await client.ReadAsync("the answer to the command")).Field("seq"));
    }

    [Fact]
    public async Task A_flood_of_pings_whose_answers_nobody_reads_harms_nobody_else_and_each_is_answered_in_the_end()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.SendBufferBytes = 16 * 1024);
        var flooder = await host.ConnectAsync("flooder", receiveBufferBytes: 4 * 1024);
        var other = await host.ConnectAsync("other");
        const int pings = 100_000;
        var flood = Enumerable.Range(0, pings).SelectMany(n => WebSocketDriver.Frame(WebSocketDriver.Ping, BitConverter.GetBytes(n)));

        var flooding = flooder.SendRawAsync(flood.ToArray());

        for (var n = 0; n < 100; n++) Assert.Equal("1", (await other.AskAsync(Ping)).Field("seq"));
        for (var n = 0; n < pings; n++)
        {
            var (first, payload) = await flooder.ReadFrameAsync($"the answer to ping {n}");
            Assert.Equal((WebSocketDriver.Pong, n), (first, BitConverter.ToInt32(payload)));
        }

        await flooding;
    }
}
