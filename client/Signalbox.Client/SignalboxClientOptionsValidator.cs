using System.Text;
using Microsoft.Extensions.Options;

namespace Signalbox.Client;

/// <summary>Says of each option that cannot work what is wrong and what would be right.</summary>
public sealed class SignalboxClientOptionsValidator : IValidateOptions<SignalboxClientOptions>
{
    private const int MaxId = 65_535;
    private const int MaxNameBytes = 255;
    private const int MinFrameBytes = 1024;
    private const int MaxFrameBytes = 1 << 30;

    // What a timer takes.
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(40);

    public ValidateOptionsResult Validate(string? name, SignalboxClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(SignalboxClientOptions options) =>
        [.. OfPlaces(options), .. OfTimes(options), .. OfSizes(options)];

    private static IEnumerable<string> OfPlaces(SignalboxClientOptions options)
    {
        foreach (var endpoint in options.Endpoints.Where(endpoint => !Endpoint.TryParse(endpoint, out _)))
        {
            yield return $"Endpoints: '{endpoint}' is none; use host:port, such as 127.0.0.1:2491.";
        }

        var (server, worker) = (options.ServerId, options.WorkerId);
        if (server is null != worker is null) yield return "ServerId and WorkerId come together or not at all.";
        if (server is < 1 or > MaxId) yield return $"ServerId must be from 1 to {MaxId}.";
        if (worker is < 1 or > MaxId) yield return $"WorkerId must be from 1 to {MaxId}.";

        if (options.Name is not null && !IsName(options.Name))
        {
            yield return $"Name must be 1 to {MaxNameBytes} bytes of UTF-8; leave it out for none.";
        }

        if (options.Token is not null && options.TokenProvider is not null) yield return "Give either Token or TokenProvider.";
        if (options.Token is { Length: 0 }) yield return "Token is empty; leave it out for none.";

        foreach (var channel in options.DefaultChannels.Where(channel => !IsName(channel)))
        {
            yield return $"DefaultChannels: '{channel}' is no channel; use 1 to {MaxNameBytes} bytes of UTF-8.";
        }

        if (!options.UseTls && (options.TargetHost is not null || options.RemoteCertificateValidation is not null))
        {
            yield return "TargetHost and RemoteCertificateValidation mean nothing without UseTls: set it, or leave them out.";
        }
    }

    private static IEnumerable<string> OfTimes(SignalboxClientOptions options)
    {
        var times = new (string Name, TimeSpan Value)[]
        {
            (nameof(options.ReconnectDelay), options.ReconnectDelay),
            (nameof(options.MaxReconnectDelay), options.MaxReconnectDelay),
            (nameof(options.ConnectTimeout), options.ConnectTimeout),
            (nameof(options.CommandTimeout), options.CommandTimeout),
        };
        foreach (var (name, _) in times.Where(time => time.Value <= TimeSpan.Zero || time.Value > MaxTime))
        {
            yield return $"{name} must be more than nothing and at most 40 days.";
        }

        var (first, most) = (options.ReconnectDelay, options.MaxReconnectDelay);
        if (most < first) yield return "MaxReconnectDelay must not be below ReconnectDelay.";
        if (options.TimeProvider is null) yield return "TimeProvider must not be null.";
    }

    private static IEnumerable<string> OfSizes(SignalboxClientOptions options)
    {
        var sizes = new (string Name, int Value)[]
        {
            (nameof(options.MaxFrameBytes), options.MaxFrameBytes),
            (nameof(options.MaxReplyBytes), options.MaxReplyBytes),
        };
        foreach (var (name, _) in sizes.Where(size => size.Value is < MinFrameBytes or > MaxFrameBytes))
        {
            yield return $"{name} must be from {MinFrameBytes} to {MaxFrameBytes}.";
        }

        if (options.SubscriptionCapacity < 1) yield return "SubscriptionCapacity must be 1 or more.";
    }

    private static bool IsName(string? text) => text?.Length > 0 && Encoding.UTF8.GetByteCount(text) <= MaxNameBytes;
}
