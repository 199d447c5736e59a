namespace Signalbox.Cli.Running;

/// <summary>Ends the command with this exit code and, on stderr, this sentence.</summary>
internal sealed class CommandFailedException(ExitCode code, string message, Exception? reason = null)
    : Exception(message, reason)
{
    public ExitCode Code => code;
}
