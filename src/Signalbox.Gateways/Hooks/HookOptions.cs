using Signalbox.Core.Names;

namespace Signalbox.Gateways.Hooks;

/// <summary>What a backend is asked, or told, by HTTP.</summary>
public sealed class HookOptions
{
    private const int MinSecretLength = 32;

    /// <summary>Asked before somebody is let in. Default none.</summary>
    public string? Connect { get; set; }

    /// <summary>Asked before a channel or filter is subscribed to. Default none.</summary>
    public string? Subscribe { get; set; }

    /// <summary>Asked before a message is published. Default none.</summary>
    public string? Publish { get; set; }

    /// <summary>Told of channels that are occupied and vacated, and of members that join and leave. Default none.</summary>
    public string? Notify { get; set; }

    /// <summary>Names and filters of the channels that <see cref="Subscribe"/> is asked about. Default none, for all.</summary>
    public IList<string> SubscribeChannels { get; set; } = [];

    /// <summary>The same for <see cref="Publish"/>.</summary>
    public IList<string> PublishChannels { get; set; } = [];

    /// <summary>The same for <see cref="Notify"/>.</summary>
    public IList<string> NotifyChannels { get; set; } = [];

    /// <summary>How long an answer may take. Default 2 seconds: longer forgives a slower backend, and lets clients wait
    /// longer for one that is stuck.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What is done where the backend gives no answer, or none that can be understood. Default Deny.</summary>
    public WhenDown WhenDown { get; set; }

    /// <summary>Questions that are not answered yet, at one time; who asks one more is told to come back. Default 256.</summary>
    public int MaxInFlight { get; set; } = 256;

    /// <summary>Bytes of an answer. Default 1 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 1024 * 1024;

    /// <summary>What requests are signed with. Default none: they are not signed.</summary>
    public string? Secret { get; set; }

    /// <summary>A file that holds nothing but the secret.</summary>
    public string? SecretFile { get; set; }

    /// <summary>News that wait for <see cref="Notify"/>; of more than these the oldest is given up. Default 10 000.</summary>
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>News in one request. Default 100.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>Whether there is a backend at all.</summary>
    public bool IsOn => (Connect ?? Subscribe ?? Publish ?? Notify) is not null;

    public bool HasSecret => Secret is not null || SecretFile is not null;

    /// <summary>The secret's text; null where there is none.</summary>
    internal string? ReadSecret() => Secret ?? (SecretFile is null ? null : File.ReadAllText(SecretFile).TrimEnd('\r', '\n'));

    /// <returns>What is wrong, and what would be right: one sentence each. Nothing of the secret is in them.</returns>
    public IEnumerable<string> Validate()
    {
        var addresses = new (string Name, string? Url)[]
        {
            (nameof(Connect), Connect), (nameof(Subscribe), Subscribe), (nameof(Publish), Publish), (nameof(Notify), Notify),
        };
        foreach (var (name, url) in addresses)
        {
            // The address itself may have a secret in it.
            if (url is not null && !IsHttp(url)) yield return $"Hooks:{name} is not an address; use for example https://backend.example.org/hooks.";
        }

        var lists = new (string Name, IList<string> Filters)[]
        {
            (nameof(SubscribeChannels), SubscribeChannels), (nameof(PublishChannels), PublishChannels),
            (nameof(NotifyChannels), NotifyChannels),
        };
        foreach (var (name, filters) in lists)
        {
            var wrong = filters.FirstOrDefault(filter => !ChannelFilter.IsValid(filter));
            if (wrong is not null) yield return $"Hooks:{name}: '{wrong}' is no name or filter; use for example chat/room or chat/#.";
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(1)) yield return "Hooks:Timeout is out of range; use 00:00:00.001 to 00:01:00.";
        var bounds = new (string Name, int Value)[]
        {
            (nameof(MaxInFlight), MaxInFlight), (nameof(MaxAnswerBytes), MaxAnswerBytes), (nameof(MaxWaiting), MaxWaiting),
            (nameof(BatchSize), BatchSize),
        };
        foreach (var bound in bounds.Where(bound => bound.Value < 1)) yield return $"Hooks:{bound.Name} must be more than nothing.";
        if (SecretProblem() is { } problem) yield return problem;
    }

    private string? SecretProblem()
    {
        try
        {
            return ReadSecret() is { Length: < MinSecretLength }
                ? $"Hooks:Secret must have {MinSecretLength} characters or more: make one with 'openssl rand -hex 32'."
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"Hooks:SecretFile cannot be read: {e.Message}";
        }
    }

    private static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}

/// <summary>What is done where a backend cannot be asked.</summary>
public enum WhenDown
{
    /// <summary>It is answered with 503.</summary>
    Deny,

    /// <summary>It is done as if the backend had said yes.</summary>
    Allow,
}
