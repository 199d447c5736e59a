using System.ComponentModel;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Signalbox.Transport;

/// <summary>Writes down what the kernel denies the transport: it goes on, and tries again.</summary>
internal sealed partial class TransportNews(ILogger logger, TimeProvider clock)
{
    private readonly Sparing _unaccepted = new(clock);
    private readonly Sparing _unwatched = new(clock);
    private readonly Sparing _unwaited = new(clock);
    private readonly Sparing _unsignalled = new(clock);

    /// <summary>Nobody can be let in at this address just now.</summary>
    public void NotAccepted(EndPoint at, string reason)
    {
        if (_unaccepted.TrySpeak(out var untold)) LogNotAccepted(at, reason, untold);
    }

    /// <summary>Somebody was let in, and had to be sent away.</summary>
    public void NotWatched(EndPoint at, int error)
    {
        if (_unwatched.TrySpeak(out var untold)) LogNotWatched(at, Sentence(error), untold);
    }

    /// <summary>A loop cannot wait for its connections.</summary>
    public void NotWaited(int error)
    {
        if (_unwaited.TrySpeak(out var untold)) LogNotWaited(Sentence(error), untold);
    }

    /// <summary>A loop that waits cannot be told of work; it looks for some now and then.</summary>
    public void NotSignalled(int error)
    {
        if (_unsignalled.TrySpeak(out var untold)) LogNotSignalled(Sentence(error), untold);
    }

    public static string Sentence(int error) => new Win32Exception(error).Message;

    [LoggerMessage(
        3001, LogLevel.Warning,
        "Connections to {At} cannot be accepted, and are tried again: {Reason} ({Untold} times more since this was last said)")]
    private partial void LogNotAccepted(EndPoint at, string reason, long untold);

    [LoggerMessage(
        3002, LogLevel.Warning,
        "A connection to {At} was closed, since it cannot be waited for: {Reason} ({Untold} times more since this was last said)")]
    private partial void LogNotWatched(EndPoint at, string reason, long untold);

    [LoggerMessage(
        3003, LogLevel.Error,
        "A loop cannot wait for its connections, and tries again: {Reason} ({Untold} times more since this was last said)")]
    private partial void LogNotWaited(string reason, long untold);

    [LoggerMessage(
        3004, LogLevel.Error,
        "A loop cannot be woken, and wakes by itself: {Reason} ({Untold} times more since this was last said)")]
    private partial void LogNotSignalled(string reason, long untold);
}
