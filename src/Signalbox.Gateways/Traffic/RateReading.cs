namespace Signalbox.Gateways.Traffic;

/// <summary>How a limit stands: what it allows, what is left of that, and when there is more.</summary>
/// <param name="RetryAfter">In how long there is enough for one more; zero where there is now.</param>
/// <param name="Reset">In how long all of it is left again, if nothing is spent meanwhile.</param>
internal readonly record struct RateReading(int Limit, int Remaining, TimeSpan RetryAfter, TimeSpan Reset)
{
    /// <summary>How much is left in proportion: of several limits the one of the smallest share is felt first.</summary>
    public double Share => (double)Remaining / Limit;
}
