using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sessions;

/// <summary>What a session needs while it works on commands, and no longer: idle connections have none.</summary>
internal sealed class SessionScratch
{
    // One thread works on few sessions at a time: mostly one, and more where a command waits.
    [ThreadStatic]
    private static Stack<SessionScratch>? _free;

    public Command Command { get; } = new();

    /// <summary>Replies that were written and not sent yet.</summary>
    public JsonBuffer Replies { get; } = new();

    /// <summary>What changes hands with these replies.</summary>
    public HandOvers? HandOvers { get; set; }

    public static SessionScratch Rent() => (_free ??= new()).TryPop(out var scratch) ? scratch : new SessionScratch();

    public void Return()
    {
        Replies.Clear();
        HandOvers = null;
        if ((_free ??= new()).Count < 16) _free.Push(this);
    }
}
