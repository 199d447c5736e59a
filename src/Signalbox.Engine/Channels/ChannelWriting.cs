using Signalbox.Core.Channels;
using Signalbox.Core.Storage;

namespace Signalbox.Engine.Channels;

/// <summary>What of a channel is written down, whatever it is written to.</summary>
/// <remarks>
/// Of a durable channel everything is written but who is present: those are alive or gone with their node. Of every
/// other channel only its value is, without a numbering, since that is another one after each start.
/// </remarks>
public static class ChannelWriting
{
    /// <summary>The epoch in a fact that tells a value and no numbering.</summary>
    public const string NoEpoch = "";

    /// <summary>How durable is what is written of such a channel.</summary>
    public static Durability DurabilityOf(ChannelOptions options) =>
        options.Durability is Durability.None ? options.RetainedDurability : options.Durability;

    /// <summary>Whether a message to a new channel has to be written down.</summary>
    public static bool Writes(ChannelOptions options, PublishRequest request) =>
        options.Durability is not Durability.None
        || (options.RetainedDurability is not Durability.None
            && (request.Retain || options.Retain) && request.Payload.Length > 0);

    /// <param name="hasBegun">Whether anything of the channel is written already.</param>
    /// <returns>What is written where this happens, before it is applied; null for nothing.</returns>
    public static ChannelFact? Written(ChannelFact fact, ChannelOptions options, Channel machine, bool hasBegun) => fact switch
    {
        // It goes before the first fact worth a write, so that to look at a channel costs none.
        ChannelOpened => null,
        // After a start it is remembered until its window is over, which harms nobody.
        PublishIdForgotten => null,
        MemberJoined or MemberLeft or NodeRenewed or NodeLost => null,
        _ when options.Durability is not Durability.None => fact,
        _ when DurabilityOf(options) is Durability.None => null,
        MessagePublished { Message: { Retain: true, Payload.Length: > 0 } value } => ValueOnly(value),
        MessagePublished { Message.Retain: true } or RetainedCleared when hasBegun && machine.Retained is not null =>
            new RetainedCleared(),
        _ => null,
    };

    /// <summary>The facts that tell all of the channel that is written.</summary>
    public static IEnumerable<ChannelFact> Told(ChannelOptions options, Channel machine) =>
        options.Durability is not Durability.None ? machine.Snapshot()
        : machine.Retained is { } value ? [ValueOnly(value)]
        : [];

    /// <summary>After a start: whether the numbering goes on under its name. Where more may have been numbered than is
    /// known it must not: nobody is to be given an offset under a name under which somebody has seen another message with
    /// it.</summary>
    /// <param name="wasClosed">Whether all that there was is known to have been written.</param>
    public static bool KeepsEpoch(ChannelOptions options, Channel machine, bool wasClosed) =>
        machine.Epoch != NoEpoch && options.Durability switch
        {
            Durability.Always => true,
            Durability.Interval => wasClosed,
            _ => false,
        };

    private static ChannelRestored ValueOnly(Message value) => new(NoEpoch, value.Offset, value);
}
