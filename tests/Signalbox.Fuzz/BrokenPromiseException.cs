namespace Signalbox.Fuzz;

/// <summary>An input that breaks a promise, and which.</summary>
public sealed class BrokenPromiseException(string promise) : Exception(promise)
{
    internal static void Unless(bool isKept, string promise)
    {
        if (!isKept) throw new BrokenPromiseException(promise);
    }
}
