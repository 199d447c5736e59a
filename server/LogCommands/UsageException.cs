namespace Signalbox.Server.LogCommands;

/// <summary>The command line is none that these commands understand.</summary>
internal sealed class UsageException(string message) : Exception(message);
