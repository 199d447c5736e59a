using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Json;
using Signalbox.Protocol.Replies;

namespace Signalbox.Protocol.Tests.Replies;

public sealed class ReplyWriterProperties
{
    [Fact]
    public void Any_text_is_read_back_as_it_was_written() =>
        Prop.ForAll<string>(script =>
        {
            // Half surrogate pairs come out as the replacement character, here and in the encoding.
            var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(script ?? ""));

            Assert.Equal(text, JsonSerializer.Deserialize<string>(Written(writer => writer.Text(script))));
            Assert.Equal(
                text, JsonSerializer.Deserialize<string>(Written(writer => writer.Text(Encoding.UTF8.GetBytes(text)))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_error_is_read_back_as_it_was_written() =>
        Prop.ForAll<string, int>((message, seq) =>
        {
            message = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(message ?? ""));

            var json = Written(writer =>
                writer.WriteError(ErrorCode.Conflict, message, Encoding.UTF8.GetBytes($"{seq}")));

            using var document = JsonDocument.Parse(json);
            Assert.Equal(message, document.RootElement.GetProperty("message").GetString());
            Assert.Equal(seq, document.RootElement.GetProperty("seq").GetInt32());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_payload_that_is_written_as_a_command_is_read_as_the_same_payload() =>
        Prop.ForAll<byte[], string>((bytes, text) =>
        {
            AssertRoundTrip(bytes ?? [], ValueFormat.Binary);
            AssertRoundTrip(Encoding.UTF8.GetBytes(text ?? ""), ValueFormat.Text);
            AssertRoundTrip(JsonSerializer.SerializeToUtf8Bytes(new[] { text }), ValueFormat.Json);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_keys_that_are_written_are_read_back() =>
        Prop.ForAll<string[]>(script =>
        {
            string[] keys = [.. script.Select(key => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(key ?? "")))];

            // The framework's serializer escapes far more than we do, so that both ways are read.
            var ours = Written(writer =>
            {
                writer.BeginArray();
                foreach (var key in keys)
                {
                    writer.Element();
                    writer.Text(key);
                }

                writer.EndArray();
            });

            Assert.All([ours, JsonSerializer.SerializeToUtf8Bytes(keys)], json => Assert.Equal(keys, KeysOf(json)));
        }).QuickCheckThrowOnFailure();

    private static void AssertRoundTrip(byte[] bytes, ValueFormat format)
    {
        var command = new Command();
        command.Read(Written(writer =>
        {
            writer.BeginObject();
            writer.Property("command"u8);
            writer.Text("set"u8);
            writer.ValueProperty(bytes, format);
            writer.EndObject();
        }));

        Assert.True(command.TryCopyValue(out var read, out var readFormat));
        Assert.Equal(format, readFormat);
        Assert.Equal(bytes, read);
    }

    private static List<string> KeysOf(byte[] json)
    {
        var command = new Command();
        byte[] body = [.. "{\"command\":\"get\",\"key\":"u8, .. json, .. "}"u8];
        Assert.Equal(CommandReadStatus.Ok, command.Read(body));

        List<string> keys = [];
        foreach (var key in command.Keys) keys.Add(Encoding.UTF8.GetString(key));
        return keys;
    }

    private static byte[] Written(Action<ReplyWriter> write)
    {
        var buffer = new JsonBuffer();
        write(new ReplyWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }
}
