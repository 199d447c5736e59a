namespace Signalbox.Transport.Tests;

public sealed class PollTransportTests() : TransportTests(isOurs: true);

public sealed class KestrelTransportTests() : TransportTests(isOurs: false);
