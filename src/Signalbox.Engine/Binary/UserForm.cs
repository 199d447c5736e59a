using Signalbox.Core.Users;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what is said to users, and of their answers.</summary>
internal static class UserForm
{
    /// <returns>Null where the value is nothing of these.</returns>
    public static BinaryTag? TryWrite(RecordWriter writer, object value)
    {
        switch (value)
        {
            case UserConnection connection:
                PartForm.Write(writer, connection);
                return BinaryTag.UserConnection;

            case IReadOnlyList<UserConnection> connections:
                PartForm.WriteList(writer, connections, PartForm.Write);
                return BinaryTag.UserConnections;

            case RateLimit limit:
                writer.Text(limit.Name);
                writer.Number(limit.Amount);
                writer.Span(limit.Window);
                return BinaryTag.RateLimit;

            case RateState state:
                Write(writer, state);
                return BinaryTag.RateState;

            case SpendAnswer answer:
                PartForm.Write(writer, answer.Refusal);
                Write(writer, answer.State);
                return BinaryTag.SpendAnswer;

            case TokenStamp token:
                PartForm.Write(writer, token);
                return BinaryTag.TokenStamp;

            case RevokeRequest revoke:
                writer.Span(revoke.Time);
                writer.OptionalText(revoke.TokenId);
                return BinaryTag.RevokeRequest;

            case RevokeAnswer revoked:
                PartForm.Write(writer, revoked.Refusal);
                writer.Number(revoked.Cut);
                return BinaryTag.RevokeAnswer;

            case DirectRequest direct:
                PartForm.Write(writer, direct.Payload);
                PartForm.Write(writer, direct.Headers);
                writer.Text(direct.Source);
                return BinaryTag.DirectRequest;

            default:
                return null;
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.UserConnection => PartForm.ReadConnection(ref reader),
        BinaryTag.UserConnections => PartForm.ReadList(ref reader, PartForm.ReadConnection),
        BinaryTag.RateLimit => new RateLimit(reader.Text(), reader.Int(), reader.Span()),
        BinaryTag.RateState => ReadState(ref reader),
        BinaryTag.SpendAnswer => new SpendAnswer(PartForm.ReadRefusal(ref reader), ReadState(ref reader)),
        BinaryTag.TokenStamp => PartForm.ReadToken(ref reader),
        BinaryTag.RevokeRequest => ReadRevoke(ref reader),
        BinaryTag.RevokeAnswer => new RevokeAnswer(PartForm.ReadRefusal(ref reader), reader.Int()),
        BinaryTag.DirectRequest => new DirectRequest(
            PartForm.ReadPayload(ref reader), PartForm.ReadHeaders(ref reader), reader.Text()),
        _ => null,
    };

    private static void Write(RecordWriter writer, RateState state)
    {
        writer.Number(state.Remaining);
        writer.Span(state.RetryAfter);
    }

    private static RevokeRequest ReadRevoke(ref RecordReader reader)
    {
        var time = reader.Span();
        return new RevokeRequest(reader.OptionalText(), time);
    }

    private static RateState ReadState(ref RecordReader reader) => new(reader.Int(), reader.Span());
}
