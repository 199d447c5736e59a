using System.CommandLine;
using Signalbox.Cli.Output;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

internal static class PingCommand
{
    public static Command Create(Verbs verbs) =>
        verbs.Of("ping", "Tell whether the server answers, and how fast.", [], async (run, client) =>
        {
            var start = run.Clock.GetTimestamp();
            var time = await client.PingAsync(run.Ending).ConfigureAwait(false);
            var elapsed = run.Clock.GetElapsedTime(start);

            var server = client.Server ?? throw new CommandFailedException(ExitCode.NoConnection, "The connection was lost.");
            run.Printer.Print(
                json =>
                {
                    json.WriteString("server", server.Endpoint);
                    json.WriteString("node", server.Node);
                    json.WriteString("version", server.Version);
                    json.WriteNumber("time", time.ToUnixTimeMilliseconds());
                    json.WriteNumber("elapsedMs", Math.Round(elapsed.TotalMilliseconds, 3));
                },
                () => $"{server.Endpoint} answered in {Line.Of(elapsed)}: "
                    + $"node {server.Node}, version {server.Version}, time {run.Printer.LocalDateTime(time)}");
            return ExitCode.Done;
        });
}
