using System.Text;
using Signalbox.Core.Payloads;
using Signalbox.Engine;
using Signalbox.Simulation.Expected;
using Signalbox.TestKit;

namespace Signalbox.Simulation;

/// <summary>The dice, the clock, and what everything is expected to be.</summary>
internal sealed class World(int seed)
{
    private int _lastName;

    public Random Dice { get; } = new(seed);

    public ManualClock Clock { get; } = new();

    public Journal Journal { get; } = new();

    public Revealed Revealed { get; } = new();

    public SortedDictionary<string, Timeline<ExpectedKey>> Keys { get; } = Named("key", 6, () => ExpectedKey.Absent);

    public SortedDictionary<string, Timeline<ExpectedQueue>> Queues { get; } =
        Named("queue", 4, () => new ExpectedQueue());

    public SortedDictionary<string, Timeline<ExpectedChannel>> Channels { get; } =
        Named("channel", 4, () => ExpectedChannel.Empty);

    /// <summary>The process of the moment.</summary>
    public Life Life { get; set; } = null!; // Set before the first step.

    public IEngine Engine => Life.Engine;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static Payload Bytes(string text) =>
        new(Encoding.UTF8.GetBytes(text), text.Length > 0 && char.IsAsciiDigit(text[^1]) && !text.Contains(':')
            ? PayloadKind.Json
            : PayloadKind.Text);

    public static string Text(Payload payload) => Encoding.UTF8.GetString(payload.Bytes.Span);

    /// <summary>A text that nobody has used before.</summary>
    public string NewName(string of) => $"{of}:{++_lastName}" + new string('x', Chance(10) ? Dice.Next(300) : 0);

    public int NewNumber() => ++_lastName;

    /// <summary>One time in so many.</summary>
    public bool Chance(int times) => Dice.Next(times) == 0;

    public T Any<T>(IReadOnlyCollection<T> choices) => choices.ElementAt(Dice.Next(choices.Count));

    /// <summary>Some whole number of milliseconds, often small and sometimes large.</summary>
    public TimeSpan SomeTime(int maxSeconds) =>
        TimeSpan.FromMilliseconds(1 + Dice.Next(Chance(3) ? maxSeconds * 1000 : 200));

    public TimeSpan? MaybeTime(int maxSeconds) => Chance(3) ? SomeTime(maxSeconds) : null;

    /// <summary>An idempotency id of few, so that they are repeated.</summary>
    public string? MaybeId() => Chance(2) ? $"id{Dice.Next(5)}" : null;

    private static SortedDictionary<string, Timeline<T>> Named<T>(string kind, int count, Func<T> beginning)
    {
        var machines = new SortedDictionary<string, Timeline<T>>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++) machines.Add($"{kind}-{i}", new Timeline<T>(beginning()));
        return machines;
    }
}
