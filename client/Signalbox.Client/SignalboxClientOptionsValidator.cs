using System.Text;
using Microsoft.Extensions.Options;

namespace Signalbox.Client;

/// <summary>Says of each option that cannot work what is wrong and what would be right.</summary>
public sealed class SignalboxClientOptionsValidator : IValidateOptions<SignalboxClientOptions>
{
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

    private static IEnumerable<string> Problems(SignalboxClientOptions options)
    {
        foreach (var endpoint in options.Endpoints)
        {
            if (!Endpoint.TryParse(endpoint, out _))
            {
                yield return $"Endpoints: '{endpoint}' is none; use host:port, such as 127.0.0.1:2491.";
            }
        }

        if (options.ServerId is null != options.WorkerId is null)

        {

            yield return "ServerId and WorkerId come together or not at all.";

        }

        if (options.ServerId is < 1 or > 65_535) yield return "ServerId must be from 1 to 65535.";
        if (options.WorkerId is < 1 or > 65_535) yield return "WorkerId must be from 1 to 65535.";
        if (options.Name is { } own && !IsName(own))
        {
            yield return "Name must be 1 to 255 bytes of UTF-8; leave it out for none.";
        }

        foreach (var channel in options.DefaultChannels)
        {
            if (channel is null || !IsName(channel))
            {
                yield return $"DefaultChannels: '{channel}' is no channel; use 1 to 255 bytes of UTF-8.";
            }
        }

        var times = new (string Name, TimeSpan Value)[]
        {
            (nameof(options.ReconnectDelay), options.ReconnectDelay),
            (nameof(options.MaxReconnectDelay), options.MaxReconnectDelay),
            (nameof(options.ConnectTimeout), options.ConnectTimeout),
            (nameof(options.CommandTimeout), options.CommandTimeout),
        };
        foreach (var (what, time) in times)
        {
            if (time <= TimeSpan.Zero || time > MaxTime)
            {
                yield return $"{what} must be more than nothing and at most 40 days.";
            }
        }

        if (options.MaxReconnectDelay < options.ReconnectDelay)

        {

            yield return "MaxReconnectDelay must not be below ReconnectDelay.";

        }

        if (options.MaxFrameBytes is < MinFrameBytes or > MaxFrameBytes)
        {
            yield return $"MaxFrameBytes must be from {MinFrameBytes} to {MaxFrameBytes}.";
        }

        if (options.MaxReplyBytes is < MinFrameBytes or > MaxFrameBytes)
        {
            yield return $"MaxReplyBytes must be from {MinFrameBytes} to {MaxFrameBytes}.";
        }

        if (options.SubscriptionCapacity < 1) yield return "SubscriptionCapacity must be 1 or more.";
        if (options.TimeProvider is null) yield return "TimeProvider must not be null.";
        if (!options.UseTls && (options.TargetHost is not null || options.RemoteCertificateValidation is not null))
        {
            yield return "TargetHost and RemoteCertificateValidation mean nothing without UseTls: set it, or leave them out.";
        }
    }

    private static bool IsName(string text) => text.Length > 0 && Encoding.UTF8.GetByteCount(text) <= MaxNameBytes;
}
