namespace Signalbox.Transport.Tests.Faults;

/// <summary>What a test can have fail.</summary>
public enum KernelCall
{
    Bind,
    Listen,
    Accept,
    OpenPoll,
    OpenSignal,
    Signal,
    Watch,
    Wait,
    Receive,
    Send,
}
