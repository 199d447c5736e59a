using Signalbox.Conformance.Subjects;
using Signalbox.Core.Hashes;

namespace Signalbox.Conformance;

/// <summary>What all families of facts share: a fresh subject for each fact, and short ways to say usual things.</summary>
public abstract class ConformanceFacts<TSubject> : IAsyncLifetime
    where TSubject : ISubject, new()
{
    protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    protected TSubject Subject { get; } = new();

    public async ValueTask InitializeAsync() => await Subject.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Subject.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<IConnection> ConnectAsync(string name = "somebody") => Subject.ConnectAsync(name);

    /// <summary>Lets time pass, or skips the fact where the subject's time is the world's.</summary>
    protected Task PassAsync(TimeSpan time)
    {
        NeedsClock();
        return Subject.PassAsync(time);
    }

    protected void NeedsClock()
    {
        if (!Subject.HasClock) Assert.Skip("This subject's clock cannot be moved.");
    }

    protected static Task<Stored> SetAsync(IConnection somebody, string key, string value) =>
        somebody.SetAsync(key, value, SetCondition.Always, ttl: null, id: null);

    protected static Task<Outcome> PushAsync(IConnection somebody, string queue, string value) =>
        somebody.PushAsync(queue, value, Pushing.Plain);

    protected static async Task<string?> PopValueAsync(IConnection somebody, string queue) =>
        (await somebody.PopAsync(queue, lease: null, wait: TimeSpan.Zero))?.Value;
}
