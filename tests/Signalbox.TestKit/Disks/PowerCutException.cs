namespace Signalbox.TestKit.Disks;

/// <summary>The simulated machine is off: nothing reaches this disk any more.</summary>
public sealed class PowerCutException() : IOException("The power is cut.");
