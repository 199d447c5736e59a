using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Signalbox.Client.Tests.Fakes;

/// <summary>The server's end of one connection: a test reads the commands and says what is answered, and when.</summary>
internal sealed class FakePeer(Stream stream) : IDisposable
{
    private readonly Stream _stream = stream;

    /// <summary>The next command, which must be of this name.</summary>
    public async Task<FakeCommand> ExpectAsync(string name)
    {
        var command = await ReadAsync().Soon($"the command '{name}'");
        Assert.Equal(name, command.Name);
        return command;
    }

    public async Task<FakeCommand> ReadAsync()
    {
        var prefix = new byte[4];
        await _stream.ReadExactlyAsync(prefix);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix) - prefix.Length];
        await _stream.ReadExactlyAsync(body);
        return new FakeCommand(JsonDocument.Parse(body).RootElement);
    }

    /// <param name="fields">What the reply adds, as JSON without braces.</param>
    public Task ReplyAsync(FakeCommand command, string fields = "") => SendAsync(
        $$"""{"command":"{{command.Name}}","code":0,"message":"ok","seq":{{command.Seq}}{{Comma(fields)}}}""");

    public Task FailAsync(FakeCommand command, int code, string fields = "") => SendAsync(
        $$"""{"command":"error","code":{{code}},"message":"no","seq":{{command.Seq}}{{Comma(fields)}}}""");

    public Task PushMessageAsync(string channel, long offset, string json, bool isRetained = false) => SendAsync(
        $$"""{"command":"message","key":"{{channel}}","value":{{json}},"source":"1.2.3.4:5","offset":{{offset}},"time":1700000000000{{(isRetained ? ",\"retained\":true" : "")}}}""");

    public Task SendAsync(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var frame = new byte[body.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        body.CopyTo(frame, 4);
        return SendRawAsync(frame);
    }

    public async Task SendRawAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Answers the hello with which every connection begins.</summary>
    public async Task GreetAsync(string fields = "")
    {
        var hello = await ExpectAsync("hello");
        await ReplyAsync(hello, $"\"connection\":\"c1\",\"node\":\"n1\",\"version\":\"1\",\"ping\":25000{Comma(fields)}");
    }

    /// <summary>Takes a subscribe to one channel in.</summary>
    public async Task<FakeCommand> EnterAsync(long offset, string fields = "")
    {
        var subscribe = await ExpectAsync("subscribe");
        await ReplyAsync(subscribe, $"\"offset\":{offset},\"epoch\":\"e\"{Comma(fields)}");
        return subscribe;
    }

    /// <summary>The peer closes the connection; nobody may read from it.</summary>
    public async Task WaitForEndAsync()
    {
        try
        {
            Assert.Equal(0, await _stream.ReadAsync(new byte[1]).AsTask().Soon("the end of the connection"));
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    public void Dispose() => _stream.Dispose();

    private static string Comma(string fields) => fields.Length == 0 ? "" : "," + fields;
}
