namespace Signalbox.Transport;

/// <summary>
/// What a connection has that was accepted while all loops stood still. Nothing may be done for it that could wait for
/// what holds them up: its loop is the last that answers at all.
/// </summary>
public interface ISpareConnectionFeature;
