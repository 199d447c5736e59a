namespace Signalbox.Gateways.Hosting;

/// <summary>How long a time in the settings may be: a timer takes 49 days, and what is longer is most likely a mistake in
/// writing (<c>90</c> is ninety days).</summary>
public static class LongestTimes
{
    /// <summary>Of what a timer waits for; two and a half times that is waited for too.</summary>
    public static readonly TimeSpan Waiting = TimeSpan.FromDays(15);

    /// <summary>Of what is remembered: so long after any date is a date.</summary>
    public static readonly TimeSpan Remembering = TimeSpan.FromDays(3660);

    /// <returns>A sentence for each of these that is longer.</returns>
    public static IEnumerable<string> Validate(TimeSpan longest, params (string Name, TimeSpan Value)[] times) =>
        times.Where(time => time.Value > longest)
            .Select(time => $"{time.Name} is too long; use at most {longest}. Mind that a number alone is days.");
}
