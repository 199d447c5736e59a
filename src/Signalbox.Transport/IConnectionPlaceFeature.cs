namespace Signalbox.Transport;

/// <summary>What a connection has that was counted when it was accepted.</summary>
public interface IConnectionPlaceFeature
{
    /// <summary>Its own, or that of one that is to be told that there are too many.</summary>
    ConnectionPlace Place { get; }
}
