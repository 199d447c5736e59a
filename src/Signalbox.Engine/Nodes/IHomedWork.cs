namespace Signalbox.Engine.Nodes;

/// <summary>Work that one thread does best, though any may: what many others have for that thread is done there together.</summary>
public interface IHomedWork : IThreadPoolWorkItem
{
    /// <summary>Hands work to that thread; null where it is not known.</summary>
    Action<IThreadPoolWorkItem>? Home { get; }
}
