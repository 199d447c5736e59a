namespace Signalbox.Gateways.Tests.Driving;

/// <summary>A client that says and hears JSON objects, whatever carries them.</summary>
internal interface ITalker
{
    /// <summary>How the server calls it.</summary>
    string Peer { get; }

    /// <summary>Sends these objects with one write.</summary>
    Task SendAsync(params string[] bodies);

    /// <summary>Waits for the next object.</summary>
    /// <param name="phase">What is waited for, for the message of a test that fails.</param>
    Task<string> ReadAsync(string phase);

    /// <summary>Sends an object and waits for the next one.</summary>
    Task<string> AskAsync(string body);

    /// <summary>Waits until all that was sent before is done, and skips what came meanwhile.</summary>
    Task<List<string>> SyncAsync(string phase);

    /// <summary>Ends in good order.</summary>
    void Close();
}
