namespace Signalbox.Conformance.Subjects;

/// <summary>A whole Signalbox under test, whatever is behind it and in between.</summary>
/// <remarks>It has the options and limits that <see cref="Settings"/> names, and nothing in it when it starts.</remarks>
public interface ISubject : IAsyncDisposable
{
    /// <summary>Whether time can be made to pass; facts about time are skipped where it cannot.</summary>
    bool HasClock { get; }

    /// <summary>Whether the limits are for this subject alone; facts that reach those of the whole are skipped else.</summary>
    bool IsAlone => true;

    Task StartAsync();

    /// <summary>Somebody connects, and calls itself this.</summary>
    Task<IConnection> ConnectAsync(string name);

    /// <summary>Lets time pass; done when everything that was due has happened.</summary>
    Task PassAsync(TimeSpan time);
}
