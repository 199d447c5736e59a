using System.IO.Pipelines;
using Signalbox.Engine.Nodes;

namespace Signalbox.Gateways.Sessions;

/// <summary>Reads one connection, and has its session do what was read: the same for every framing.</summary>
internal static class CommandPump
{
    /// <returns>True where the peer has closed; false where it is for us to close.</returns>
    public static async Task<bool> RunAsync(PipeReader input, Session session)
    {
        while (true)
        {
            var reading = input.ReadAsync();
            if (!reading.IsCompleted) session.Waiting();
            var read = await reading;
            var buffer = read.Buffer;
            var isInTurn = false;
            var length = buffer.Length;
            try
            {
                session.Heard();
                if (session.IsOver) return false;

                Turn.Begin();
                isInTurn = true;
                while (session.Take(ref buffer, out var body) is not Taken.Nothing and var taken)
                {
                    var handling = taken is Taken.Command ? session.HandleAsync(body) : default;

                    // Who does not read its replies is not read either: one read may hold thousands of commands.
                    if (!handling.IsCompletedSuccessfully || session.IsCrowded)
                    {
                        // What is awaited may come back on another thread: this one's turn is over.
                        Turn.End();
                        isInTurn = false;
                        await handling;
                        if (session.IsCrowded) await session.CatchUpAsync();
                        Turn.Begin();
                        isInTurn = true;
                    }

                    if (session.IsOver) return false;
                }

                if (session.IsOver) return false;
                if (read.IsCompleted) return true;
            }
            finally
            {
                session.Host.Metrics.BytesRead(session.ProtocolPlace, length - buffer.Length);
                session.Rest();
                if (isInTurn) Turn.End();
                // Whole frames are consumed; of the last piece all is looked at, so the next read waits for more.
                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }
}
