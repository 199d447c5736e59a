using Signalbox.Core.Hashes;

namespace Signalbox.Engine.Hashes;

/// <summary>One hash key, wherever it is.</summary>
public interface IHashKey
{
    ValueTask<SetAnswer> SetAsync(SetRequest request, CancellationToken cancellationToken);

    /// <returns>What the key holds; null where it is absent or has expired.</returns>
    ValueTask<HashValue?> GetAsync(CancellationToken cancellationToken);

    ValueTask<DeleteAnswer> DeleteAsync(SetCondition condition, CancellationToken cancellationToken);

    ValueTask<IncrementAnswer> IncrementAsync(IncrementRequest request, CancellationToken cancellationToken);
}
