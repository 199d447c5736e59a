namespace Signalbox.Cli.Running;

/// <summary>What a script learns of how it went. The numbers are documented in docs/cli.md and never change.</summary>
internal enum ExitCode
{
    Done = 0,
    Refused = 1,
    WrongUsage = 2,
    NoConnection = 3,
    NothingThere = 4,

    /// <summary>As shells say it of a program that SIGINT ended.</summary>
    Interrupted = 130,
}
