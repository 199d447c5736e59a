using Signalbox.Engine.Deliveries;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Traffic;

namespace Signalbox.Gateways.Sessions;

// Who is at the other end, for how long, and what that allows.
internal abstract partial class Session
{
    private volatile Identity _identity;
    private (DateTimeOffset, long)? _expiry;

    /// <summary>Who is there, and what they may do.</summary>
    public Identity Identity => _identity;

    /// <summary>What it calls itself, from <c>hello</c>.</summary>
    public string? Name { get; set; }

    /// <summary>Whether it has said hello, and so knows how often to ping.</summary>
    public bool SaidHello { get; set; }

    public DateTimeOffset Since { get; }

    /// <summary>The peer without its port.</summary>
    public string Address => Peer[..Peer.LastIndexOf(':')];

    /// <summary>Whose rate limits it spends: those of the user or key, else those of the address. No user has such a
    /// name.</summary>
    public string RateUser => Identity.RateName ?? "$address/" + Address;

    public int MaxSubscriptions => Identity.Rights.Limits.Subscriptions ?? Host.Options.MaxSubscriptions;

    internal SessionTraffic Traffic { get; }

    /// <summary>What users see of it where they are listed: tcp, ws, sse, http.</summary>
    public abstract string Protocol { get; }

    /// <summary>From here on it is this that is allowed, and for so long. See <see cref="Admission"/>.</summary>
    public void Become(Identity identity)
    {
        _identity = identity;
        Traffic.Become(identity);
        ExpireAt(identity.ExpiresAt);
    }

    /// <summary>Ends the connection at this moment, in place of what was said before; null for never.</summary>
    public void ExpireAt(DateTimeOffset? at)
    {
        if (at is not null || _expiry is not null) _expiry = Host.Expiries.Set(this, _expiry, at);
    }

    protected override void Cut(CutDelivery cut)
    {
        if (cut.TokenId is not null && cut.TokenId != Identity.Token?.Id) return;

        EndFor(cut.Reason == CutReason.Revoked ? SessionEnd.Revoked : SessionEnd.Disconnected);
    }
}
