namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>The log was written by a later version of Signalbox than this one.</summary>
public sealed class LogVersionException(string file, string what) : IOException($"{file} {what}");
