namespace Signalbox.Engine.Cluster.Streams;

/// <summary>An inbox did not take a pack, and nothing of it.</summary>
internal sealed class InboxException(PutAnswer answer) : Exception($"The inbox answers {answer}.");
