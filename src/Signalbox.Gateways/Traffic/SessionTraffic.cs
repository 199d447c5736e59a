using Signalbox.Core.Users;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Traffic;

/// <summary>What one session may send: its own allowances, and those that it shares with its address and its user.</summary>
/// <remarks>The reader's own.</remarks>
internal sealed class SessionTraffic(SessionHost host, string address)
{
    private Rate? _own = Rate.Of(host.Options.CommandsPerSecond, host.Options.BytesPerSecond, host.Clock);
    private Rate? _ofAddress;
    private Rate? _ofUser;
    private RightsLimits _limits = RightsLimits.None;
    private string? _user;
    private bool _isOfAddress;

    /// <returns>False where the address has as many connections as allowed.</returns>
    public bool TryEnter()
    {
        var most = host.Options.MaxConnectionsPerAddress;
        if (most == 0 && host.Options.PerAddress.IsOff) return true;

        _isOfAddress = host.Addresses.TryTake(address, most == 0 ? int.MaxValue : most, out _ofAddress);
        return _isOfAddress;
    }

    public void Become(Identity identity)
    {
        var limits = identity.Rights.Limits;
        if (limits != _limits)
        {
            _limits = limits;
            _own = Rate.Of(
                limits.CommandsPerSecond ?? host.Options.CommandsPerSecond,
                limits.BytesPerSecond ?? host.Options.BytesPerSecond,
                host.Clock);
        }

        if (host.Options.PerUser.IsOff || identity.RateName == _user) return;

        LeaveUser();
        _user = identity.RateName;
        if (_user is not null) host.Users.TryTake(_user, int.MaxValue, out _ofUser);
    }

    /// <returns>What is left of the allowance that is used up; null where the command may be done.</returns>
    public RateState? Spend(int bytes) => _own?.Spend(bytes) ?? _ofUser?.Spend(bytes) ?? _ofAddress?.Spend(bytes);

    /// <summary>Every limit of what may be sent, as it stands.</summary>
    public IEnumerable<TrafficLimit> Read() =>
    [
        .. _own?.Read("connection") ?? [],
        .. _ofUser?.Read("user") ?? [],
        .. _ofAddress?.Read("address") ?? [],
    ];

    public void Leave()
    {
        LeaveUser();
        if (_isOfAddress) host.Addresses.GiveBack(address);
        _isOfAddress = false;
    }

    private void LeaveUser()
    {
        if (_user is not null) host.Users.GiveBack(_user);
        _user = null;
        _ofUser = null;
    }
}
