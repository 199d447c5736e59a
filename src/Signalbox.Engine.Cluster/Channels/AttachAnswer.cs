using Signalbox.Core.Channels;

namespace Signalbox.Engine.Cluster.Channels;

/// <param name="Home">The silo that the grain is on: with it the attachment is lost.</param>
/// <param name="Position">Where the channel stands; what is beyond that comes to the node by itself.</param>
/// <param name="KeepsHistory">Whether what is missing up to there can be read.</param>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.attach-answer")]
internal readonly record struct AttachAnswer(
    [property: Id(0)] SiloAddress Home, [property: Id(1)] ChannelPosition Position, [property: Id(2)] bool KeepsHistory);
