namespace Signalbox.Client;

/// <summary>What is known of a command whose reply never came.</summary>
public enum Outcome
{
    /// <summary>No byte of it went to the network: it was not done, and may be sent again.</summary>
    NotSent,

    /// <summary>It was sent, in whole or in part: it was done, or it was not, and nobody here can tell.</summary>
    Unknown,
}
