namespace Signalbox.Gateways.Watching;

/// <summary>Something that does not go on.</summary>
/// <param name="Id">The same for as long as it stands.</param>
/// <param name="What">A loop, or a thread and the gate that it waits for.</param>
/// <param name="Stack">Where it stands, if it could say so itself.</param>
internal sealed record Standing(string Id, string What, string? Stack);
