namespace Signalbox.Gates;

/// <summary>A gate was entered under one that ranks as high or higher: two threads that do so can wait for each other.</summary>
public sealed class GateOrderException(string message) : InvalidOperationException(message);
