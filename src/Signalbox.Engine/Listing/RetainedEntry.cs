using Signalbox.Core.Channels;

namespace Signalbox.Engine.Listing;

/// <summary>A channel that has a value, and the message that is it.</summary>
public sealed record RetainedEntry(string Channel, Message Message);
