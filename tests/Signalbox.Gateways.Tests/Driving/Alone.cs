namespace Signalbox.Gateways.Tests.Driving;

/// <summary>Tests that measure the process run while no other test does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
