using Signalbox.Core.Channels;

namespace Signalbox.Engine.Channels;

public sealed record ChannelRule(string Filter, ChannelOptions Options);
