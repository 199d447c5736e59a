namespace Signalbox.Gateways.Security;

/// <summary>A key, with the one algorithm that it is for.</summary>
internal abstract class TokenKey(string? id, string algorithm)
{
    /// <summary>The <c>kid</c> of its tokens; null for those that name none.</summary>
    public string? Id { get; } = id;

    public string Algorithm { get; } = algorithm;

    public abstract bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}
