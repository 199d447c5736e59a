using Signalbox.Core.Names;
using Signalbox.Core.Queues;
using Signalbox.Engine.Queues;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>Which queue, and which part of it, a key names: <c>$dead/jobs</c> is what <c>jobs</c> gave up on.</summary>
internal static class QueueNames
{
    public static bool TryQueue(CommandSession session, Command command, Deed deed, out IQueue queue) =>
        TryQueue(session, command, deed, out queue, out _);

    /// <param name="key">The queue's name, which rights are about: the same for its dead letters.</param>
    public static bool TryQueue(CommandSession session, Command command, Deed deed, out IQueue queue, out string key)
    {
        queue = null!; // Only looked at where this returns true.
        if (!Arguments.TryKey(session, command, mayBeSystem: true, out key)) return false;

        var part = QueuePart.Live;
        if (key.StartsWith(Name.DeadLettersPrefix, StringComparison.Ordinal))
        {
            key = key[Name.DeadLettersPrefix.Length..];
            part = QueuePart.Dead;
        }

        if (key.Length == 0 || Name.IsSystem(key))
        {
            session.Fail(command, ErrorCode.Forbidden, "Of the names that begin with '$' only '$dead/' and a queue's name is a queue.");
            return false;
        }

        if (!Permits.Check(session, command, deed, key)) return false;

        queue = session.Host.Engine.Queue(key, part);
        return true;
    }
}
