using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Engine.Nodes;

namespace Signalbox.Simulation;

/// <summary>The calls that are under way, and what is to be seen of each when it is answered.</summary>
/// <remarks>
/// An engine decides a call while it is being made, so what the call changes is known then; what is answered is seen
/// later, when the log lets it out.
/// </remarks>
internal sealed class Calls(Journal journal, Revealed revealed)
{
    private readonly List<Call> _pending = [];

    public int Count => _pending.Count;

    /// <param name="commit">Takes over what the call changes, and says which position its answer reveals.</param>
    /// <param name="check">Holds the answer against what was expected.</param>
    public void Start<T>(
        string text,
        bool hasRoom,
        Func<ValueTask<T>> call,
        Func<T, Refusal> refusalOf,
        Func<long> commit,
        Action<T> check)
    {
        var answer = new Slot<T>();
        Turn.Begin();
        var task = FollowAsync(call(), answer);
        Turn.End();

        if (answer.IsThere && refusalOf(answer.Value!) is Refusal.StorageUnavailable) // There, as it says.
        {
            journal.Note($"{text}: no space");
            Revealed.Check(!hasRoom, () => $"{text} was refused although there was space.");
            return;
        }

        journal.Note(text);
        var position = commit();
        _pending.Add(new Call(text, task, position, () => check(answer.Value!))); // Answered by then.
    }

    /// <summary>Looks at the answers that have come.</summary>
    public void Settle()
    {
        foreach (var call in _pending.Where(call => call.Task.IsCompleted).ToArray())
        {
            _pending.Remove(call);
            if (call.Task.Exception?.InnerException is LogFailedException) continue;
            if (call.Task.Exception is { } failure) throw new SimulationFailedException($"{call.Text}: {failure}");
            if (call.Task.IsCanceled) throw new SimulationFailedException($"{call.Text} was cancelled.");

            revealed.UpTo(call.Position);
            journal.Note($"  answered: {call.Text}");
            Try(call);
        }
    }

    /// <summary>Whoever waited was on the other side of a process that is gone.</summary>
    public void Drop() => _pending.Clear();

    private static void Try(Call call)
    {
        try
        {
            call.Check();
        }
        catch (SimulationFailedException broken)
        {
            throw new SimulationFailedException($"{call.Text}: {broken.Message}");
        }
    }

    private static async Task FollowAsync<T>(ValueTask<T> call, Slot<T> answer)
    {
        answer.Value = await call;
        answer.IsThere = true;
    }

    private sealed class Slot<T>
    {
        public T? Value { get; set; }

        public bool IsThere { get; set; }
    }

    private sealed record Call(string Text, Task Task, long Position, Action Check);
}
