using System.Buffers;
using System.Text;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Framing;
using Signalbox.Protocol.Json;
using Signalbox.Protocol.Replies;

namespace Signalbox.Protocol.Tests.Replies;

public sealed class ReplyWriterTests
{
    private readonly JsonBuffer _buffer = new();
    private readonly ReplyWriter _writer;

    public ReplyWriterTests() => _writer = new ReplyWriter(_buffer);

    [Fact]
    public void A_reply_repeats_command_key_and_seq_as_they_were_sent()
    {
        _writer.BeginReply("\"get\""u8, "7"u8, "\"1\""u8);
        _writer.ValueProperty("abc"u8, ValueFormat.Text);
        _writer.Property("version"u8);
        _writer.Number(3);
        _writer.EndObject();

        AssertWritten("""{"command":"get","key":7,"code":0,"message":"ok","seq":"1","value":"abc","version":3}""");
    }

    [Fact]
    public void A_reply_without_a_key_or_a_seq_leaves_them_out()
    {
        _writer.BeginReply("\"ping\""u8, rawKey: default, rawSeq: default);
        _writer.EndObject();

        AssertWritten("""{"command":"ping","code":0,"message":"ok"}""");
    }

    [Fact]
    public void A_reply_may_write_keys_of_its_own()
    {
        _writer.BeginReply("\"subscribe\""u8);
        _writer.Property("key"u8);
        _writer.BeginArray();
        foreach (var channel in (string[])["a", "\"", "["])
        {
            _writer.Element();
            _writer.Text(channel);
        }

        _writer.EndArray();
        _writer.Ok("1"u8);
        _writer.EndObject();

        AssertWritten("""{"command":"subscribe","key":["a","\"","["],"code":0,"message":"ok","seq":1}""");
    }

    [Fact]
    public void An_error_says_what_and_to_whom()
    {
        _writer.WriteError(ErrorCode.Malformed, "the field \"ttl\" must be a number", "\"9\""u8);

        AssertWritten("""{"command":"error","code":760,"message":"the field \"ttl\" must be a number","seq":"9"}""");
    }

    [Fact]
    public void An_error_whose_seq_is_unknown_leaves_it_out_and_may_have_fields_of_its_own()
    {
        _writer.BeginError(ErrorCode.RateLimited, "too fast", rawSeq: default);
        _writer.Property("retryAfter"u8);
        _writer.Number(250);
        _writer.EndObject();

        AssertWritten("""{"command":"error","code":429,"message":"too fast","retryAfter":250}""");
    }

    [Fact]
    public void Objects_arrays_and_all_values_are_compact()
    {
        _writer.BeginObject();
        _writer.TextProperty("a\"b");
        _writer.BeginObject();
        _writer.EndObject();
        _writer.Property("c"u8);
        _writer.BeginArray();
        _writer.Element();
        _writer.Boolean(true);
        _writer.Element();
        _writer.Boolean(false);
        _writer.Element();
        _writer.Null();
        _writer.Element();
        _writer.Number(long.MinValue);
        _writer.Element();
        _writer.Raw("{}"u8);
        _writer.EndArray();
        _writer.TextProperty("d");
        _writer.Number(0);
        _writer.EndObject();

        AssertWritten("""{"a\"b":{},"c":[true,false,null,-9223372036854775808,{}],"d":0}""");
    }

    [Fact]
    public void Values_travel_as_what_they_are()
    {
        _writer.BeginObject();
        _writer.ValueProperty("{\"a\":1}"u8, ValueFormat.Json);
        _writer.ValueProperty("a\nb"u8, ValueFormat.Text);
        _writer.ValueProperty([0, 1, 2, 255], ValueFormat.Binary);
        _writer.EndObject();

        AssertWritten("""{"value":{"a":1},"value":"a\nb","value":"AAEC/w==","encoding":"base64"}""");
    }

    [Fact]
    public void Only_quote_backslash_and_control_characters_are_escaped()
    {
        const string text = "</é😀\u007f\u2028'&+ \"\\\b\f\n\r\t\u0000\u001f";

        _writer.Text(text);

        AssertWritten("\"</é😀\u007f\u2028'&+ \\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\"");
    }

    [Fact]
    public void Half_a_surrogate_pair_comes_out_as_the_replacement_character()
    {
        _writer.Text("a\ud800b");

        AssertWritten("\"a\ufffdb\"");
    }

    [Fact]
    public void Frames_stand_one_behind_the_other()
    {
        foreach (var seq in (byte[][])[[.. "1"u8], [.. "23"u8]])
        {
            var start = _writer.BeginFrame();
            _writer.WriteError(ErrorCode.NoData, "", seq);
            _writer.EndFrame(start);
        }

        var read = new ReadOnlySequence<byte>(_buffer.WrittenMemory);
        Assert.Equal(FrameStatus.Complete, FrameCodec.TryRead(ref read, 1000, out var first));
        Assert.Equal(FrameStatus.Complete, FrameCodec.TryRead(ref read, 1000, out var second));
        Assert.True(read.IsEmpty);
        Assert.Equal("""{"command":"error","code":730,"message":"","seq":1}""", Encoding.UTF8.GetString(first));
        Assert.Equal("""{"command":"error","code":730,"message":"","seq":23}""", Encoding.UTF8.GetString(second));
    }

    [Fact]
    public void A_buffer_that_was_cleared_is_empty_and_allocates_nothing_anew()
    {
        Fill();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Fill();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, _buffer.Length);
        Assert.Equal(0, allocated);

        void Fill()
        {
            _writer.BeginReply("\"get\""u8, "7"u8, "\"1\""u8);
            _writer.ValueProperty("a \"text\""u8, ValueFormat.Text);
            _writer.EndObject();
            _buffer.Clear();
        }
    }

    [Fact]
    public void A_buffer_that_grew_large_once_gives_the_memory_back()
    {
        _writer.Text(new string('x', 1 << 20));

        _buffer.Clear();

        Assert.InRange(_buffer.GetSpan(1).Length, 1, 64 * 1024);
    }

    private void AssertWritten(string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(_buffer.WrittenSpan));
}
