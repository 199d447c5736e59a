namespace Signalbox.Gateways.Tests.Security;

/// <summary>With what somebody comes to do a command.</summary>
public enum Visitor
{
    /// <summary>A token that grants just what the command needs.</summary>
    Allowed,

    /// <summary>A token that grants everything but that, on other names.</summary>
    Denied,

    /// <summary>Nothing.</summary>
    Anonymous,

    /// <summary>What would be allowed, an hour too late.</summary>
    Expired,

    /// <summary>What would be allowed, signed with another secret.</summary>
    WrongSignature,

    /// <summary>What would be allowed, unsigned.</summary>
    NoSignature,
}
