namespace Signalbox.Engine.Nodes;

/// <summary>That a node listens to something. The ticket grows with each attachment of a node,
/// so that a late detachment cannot undo a newer attachment.</summary>
public readonly record struct Attachment(string Node, long Ticket);
