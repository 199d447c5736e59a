namespace Signalbox.Client;

/// <summary>
/// <code>
///  Disconnected ---> Connecting ---> Connected
///       ^                |               |
///       '----------------'---------------'       Closed: the client is disposed of
/// </code>
/// </summary>
public enum ConnectionState
{
    Disconnected,
    Connecting,
    Connected,
    Closed,
}
