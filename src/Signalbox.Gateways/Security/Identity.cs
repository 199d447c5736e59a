using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Core.Users;

namespace Signalbox.Gateways.Security;

/// <summary>Who is at the other end, and what they may do.</summary>
/// <param name="User">The user; null for backends with an API key, tokens without <c>sub</c>, and anonymous peers.</param>
/// <param name="RateName">Whose rate limits it spends; null for those of its address.</param>
/// <param name="ExpiresAt">When it is over; null for never.</param>
/// <param name="Token">What tells whether it was revoked; null where there is no token.</param>
public sealed record Identity(
    string? User, string? RateName, Rights Rights, DateTimeOffset? ExpiresAt, TokenStamp? Token, bool IsAnonymous)
{
    /// <summary>Whether this is nobody, who may do nothing: it has to say who it is before anything else.</summary>
    public bool MustSayWho => IsAnonymous && Rights.IsNothing;

    /// <summary>Whether it came with an API key.</summary>
    public bool IsKey { get; init; }

    /// <summary>What it is to rules of channels. Where nobody has to say who they are all are anyone, whatever they may
    /// do: a rule holds there too.</summary>
    public Who Who =>
        IsAnonymous ? Who.Anyone
        : IsKey || Rights.IsAdmin ? Who.Keys
        : User is not null ? Who.Users
        : Who.Anyone;

    /// <summary>Whether the messages of this channel or filter may be read. Everybody may know where they are themselves.</summary>
    public bool MayRead(string name) => Rights.AllowReading(name) || IsOwn(name);

    // A user may be called '#', which is no leave to hear of all of them.
    private bool IsOwn(string name) =>
        User is not null
        && name.StartsWith(Name.UserWatchPrefix, StringComparison.Ordinal)
        && !ChannelFilter.IsFilter(name)
        && name.AsSpan(Name.UserWatchPrefix.Length).SequenceEqual(User);

    public static Identity Anonymous(Rights rights) => new(null, null, rights, null, null, IsAnonymous: true);
}
