using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>Answered with the version, or null where the condition did not hold.</summary>
internal readonly record struct SetRequest(string Key, Payload Value, SetOptions Options) : IRequest<long?>
{
    public CommandName Command => CommandName.Set;

    public CallTraits Traits =>
        (Options.Id is null ? CallTraits.None : CallTraits.Repeatable)
        | (HasCondition ? CallTraits.ConflictIsAnswer : CallTraits.None);

    private bool HasCondition => Options.IfAbsent || Options.IfPresent || Options.IfVersion is not null;

    public void Write(ReplyWriter writer)
    {
        writer.Key(Key);
        Value.Write(writer);
        writer.OptionalTime("ttl"u8, Options.Ttl);
        writer.OptionalNumber("expire"u8, Options.ExpiresAt?.ToUnixTimeSeconds());
        writer.OptionalText("id"u8, Options.Id);
        if (Options.IfAbsent) writer.OptionalText("if"u8, "absent");
        else if (Options.IfPresent) writer.OptionalText("if"u8, "present");
        else writer.OptionalNumber("if"u8, Options.IfVersion);
    }

    public long? Read(Reply reply) => reply.NumberOrNull(ReplyField.Version);
}
