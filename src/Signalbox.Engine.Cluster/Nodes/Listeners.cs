using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>The nodes that have attached to a grain.</summary>
internal sealed class Listeners
{
    private readonly Dictionary<string, long> _attachments = new(StringComparer.Ordinal);

    public int Count => _attachments.Count;

    public IReadOnlyCollection<string> Nodes => _attachments.Keys;

    public void Attach(Attachment attachment) => _attachments[attachment.Node] = attachment.Ticket;

    public void Detach(Attachment attachment)
    {
        // A later attachment of the same node is not undone by the end of an earlier one.
        if (_attachments.GetValueOrDefault(attachment.Node) == attachment.Ticket) _attachments.Remove(attachment.Node);
    }

    public void Lose(string node) => _attachments.Remove(node);

    /// <summary>These nodes and those that listen by a filter, each once.</summary>
    public IReadOnlyCollection<string> And(IReadOnlyList<string> byFilter)
    {
        if (byFilter.Count == 0) return _attachments.Keys;
        return _attachments.Count == 0 ? byFilter : [.. _attachments.Keys.Union(byFilter)];
    }
}
