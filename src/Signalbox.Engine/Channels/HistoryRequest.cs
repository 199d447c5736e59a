namespace Signalbox.Engine.Channels;

/// <param name="Since">Messages after this offset or, in reverse, before it (0: from the newest).</param>
public sealed record HistoryRequest(long Since, int Limit, bool Reverse);
