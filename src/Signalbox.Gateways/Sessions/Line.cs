using System.IO.Pipelines;

namespace Signalbox.Gateways.Sessions;

/// <summary>What carries a session, as far as its end is concerned.</summary>
/// <param name="Abort">Ends it at once, whatever is on its way.</param>
/// <param name="Stopping">Cancelled when the server wants the connection to end.</param>
/// <param name="Closed">Cancelled when nothing is left of it.</param>
internal sealed record Line(PipeReader Input, Action Abort, CancellationToken Stopping, CancellationToken Closed);
