using Signalbox.Core.Channels;
using Signalbox.Core.Users;

namespace Signalbox.Core.Mqtt;

/// <summary>In whose name a will is published, when the connection is gone that left it, and maybe the process too.</summary>
/// <param name="User">Null for nobody that is known by a name.</param>
/// <param name="RateUser">Whose rate limits the will spends.</param>
/// <param name="Who">What the rules of channels take them for.</param>
/// <param name="Token">What tells whether it was revoked; null where there was none.</param>
public sealed record WillAuthor(string Connection, string Peer, string? User, string RateUser, Who Who, TokenStamp? Token);
