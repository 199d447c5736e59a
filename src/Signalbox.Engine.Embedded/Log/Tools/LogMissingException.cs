namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>The directory has no log: it is another one that was meant, or no server has used it yet.</summary>
public sealed class LogMissingException(string path) : IOException($"There is no log in {path}.");
