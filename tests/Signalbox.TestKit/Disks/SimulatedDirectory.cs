namespace Signalbox.TestKit.Disks;

/// <summary>Which files there are: as their users see it, and as a power cut may leave it.</summary>
/// <remarks>
/// For each name that changed since the last sync it knows what was behind it on the disk, and what came then. After a
/// power cut it is any one of them, whatever became of the other names.
/// </remarks>
internal sealed class SimulatedDirectory
{
    private readonly SortedDictionary<string, SimulatedContent> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<SimulatedContent?>> _changes = new(StringComparer.Ordinal);

    /// <summary>The names of the files, save those in folders.</summary>
    public IReadOnlyList<string> Listed => [.. _files.Keys.Where(name => !name.Contains('/'))];

    public long UsedBytes => _files.Values.Sum(content => content.Length);

    public SimulatedContent? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>Puts this behind the name, or nothing; on the disk after the next sync.</summary>
    public void Put(string name, SimulatedContent? content)
    {
        _changes.TryAdd(name, [Find(name)]);
        _changes[name].Add(content);
        if (content is null) _files.Remove(name);
        else _files[name] = content;
    }

    public void PutDurably(string name, SimulatedContent? content)
    {
        _changes.Remove(name);
        if (content is null) _files.Remove(name);
        else _files[name] = content;
    }

    public void Sync() => _changes.Clear();

    public SimulatedDirectory AfterPowerCut(Random dice)
    {
        var directory = new SimulatedDirectory();
        foreach (var name in _files.Keys.Union(_changes.Keys).Order(StringComparer.Ordinal))
        {
            var content = _changes.TryGetValue(name, out var states) ? states[dice.Next(states.Count)] : _files[name];
            if (content is not null) directory._files.Add(name, content.AfterPowerCut(dice));
        }

        return directory;
    }

    public SimulatedDirectory AfterKill()
    {
        var copies = new Dictionary<SimulatedContent, SimulatedContent>();
        var directory = new SimulatedDirectory();
        foreach (var (name, content) in _files) directory._files.Add(name, Copy(content));
        foreach (var (name, states) in _changes)
        {
            directory._changes.Add(name, [.. states.Select(state => state is null ? null : Copy(state))]);
        }

        return directory;

        SimulatedContent Copy(SimulatedContent content)
        {
            if (!copies.TryGetValue(content, out var copy)) copies[content] = copy = content.AfterKill();
            return copy;
        }
    }
}
