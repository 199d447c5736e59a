namespace Signalbox.Core.Users;

/// <summary>Which of a user's tokens are void: some by their ids, and all that were issued up to a moment.</summary>
/// <remarks>Each is remembered for as long as a token of it could be valid, and no longer.</remarks>
internal sealed class Revocations
{
    private readonly Dictionary<string, DateTimeOffset> _ids = new(StringComparer.Ordinal);
    private DateTimeOffset _issuedUpTo;
    private DateTimeOffset? _allUntil;

    public bool IsEmpty => _ids.Count == 0 && _allUntil is null;

    /// <summary>Single tokens only: of all tokens there is one at most.</summary>
    public int Count => _ids.Count;

    /// <summary>When the first of them ends; null for never.</summary>
    public DateTimeOffset? NextEnd
    {
        get
        {
            var next = _allUntil;
            foreach (var until in _ids.Values) next = next < until ? next : until;
            return next;
        }
    }

    public bool Has(string id) => _ids.ContainsKey(id);

    public bool Cover(TokenStamp token) =>
        (_allUntil is not null && (token.IssuedAt is not { } issued || issued <= _issuedUpTo))
        || (token.Id is not null && _ids.ContainsKey(token.Id));

    /// <remarks>Of two revocations of the same tokens that which reaches further holds, in both directions.</remarks>
    public void Add(TokensRevoked fact)
    {
        if (fact.TokenId is { } id)
        {
            _ids[id] = _ids.TryGetValue(id, out var known) && known > fact.Until ? known : fact.Until;
            return;
        }

        if (fact.At > _issuedUpTo) _issuedUpTo = fact.At;
        _allUntil = _allUntil > fact.Until ? _allUntil : fact.Until;
    }

    public RevocationEnded? NextEnded(DateTimeOffset now)
    {
        if (_allUntil <= now) return new RevocationEnded(null);

        var ended = _ids.Where(one => one.Value <= now).Select(one => one.Key).Min(StringComparer.Ordinal);
        return ended is null ? null : new RevocationEnded(ended);
    }

    public void End(RevocationEnded fact)
    {
        if (fact.TokenId is { } id)
        {
            _ids.Remove(id);
            return;
        }

        _allUntil = null;
        _issuedUpTo = default;
    }

    public IEnumerable<TokensRevoked> Snapshot()
    {
        if (_allUntil is { } until) yield return new TokensRevoked(null, _issuedUpTo, until);

        foreach (var (id, idUntil) in _ids.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            yield return new TokensRevoked(id, default, idUntil);
        }
    }
}
