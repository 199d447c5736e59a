using Signalbox.Core.Payloads;

namespace Signalbox.InProcess;

/// <summary>What a hash key holds now.</summary>
/// <param name="Value">Null where there is no such key (any more).</param>
/// <param name="Version">Of the value, or of its removal; 0 where that is not known.</param>
public sealed record KeyChange(string Key, Payload? Value, long Version);
