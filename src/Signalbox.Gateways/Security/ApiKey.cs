namespace Signalbox.Gateways.Security;

/// <summary>Who comes with the key of this hash. The key itself is not kept.</summary>
internal sealed record ApiKey(byte[] Hash, Identity Identity);
