namespace Signalbox.InProcess;

/// <summary>
/// Keeps the app's code off the engine's threads. Who waited for the disk is let go on by the thread that writes the
/// log, and who waited for an item by whoever pushed it: an app that blocked there would stop all others, and wait for
/// itself.
/// </summary>
internal static class Apartness
{
    public static ValueTask<T> Apart<T>(this ValueTask<T> answer) => answer.IsCompleted ? answer : WaitAsync(answer);

    private static async ValueTask<T> WaitAsync<T>(ValueTask<T> answer)
    {
        try
        {
            return await answer;
        }
        finally
        {
            await Task.Yield();
        }
    }
}
