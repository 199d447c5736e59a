namespace Signalbox.TestKit.Disks;

/// <summary>What is in a file: as its readers see it, and as a power cut may leave it.</summary>
/// <remarks>
/// For each sector written since the last sync it knows what that sector was on the disk, and each thing that it then
/// became. After a power cut it is any one of them, whatever its neighbours are. The same goes for the length.
/// </remarks>
internal sealed class SimulatedContent
{
    private const int SectorBytes = 512;

    private readonly SortedDictionary<long, List<byte[]>> _sectors;
    private readonly List<long> _lengths;
    private byte[] _bytes;

    private SimulatedContent(byte[] bytes, SortedDictionary<long, List<byte[]>> sectors, List<long> lengths)
    {
        _bytes = bytes;
        _sectors = sectors;
        _lengths = lengths;
    }

    public long Length => _lengths[^1];

    /// <summary>A file of this many zeros, as long as that on the disk as well.</summary>
    public static SimulatedContent Zeros(long lengthBytes) => new(new byte[Whole(lengthBytes)], [], [lengthBytes]);

    public static SimulatedContent Durable(ReadOnlySpan<byte> bytes)
    {
        var content = Zeros(bytes.Length);
        content.Write(bytes, 0);
        content.Sync();
        return content;
    }

    public byte[] Read(long offset, int count) =>
        offset >= Length ? [] : _bytes.AsSpan((int)offset, (int)Math.Min(Length - offset, count)).ToArray();

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (bytes.IsEmpty) return;

        var end = offset + bytes.Length;
        if (end > _bytes.Length) Array.Resize(ref _bytes, (int)Whole(Math.Max(end, 2L * _bytes.Length)));

        var first = offset / SectorBytes;
        var last = (end - 1) / SectorBytes;
        for (var sector = first; sector <= last; sector++) _sectors.TryAdd(sector, [Sector(sector)]);
        bytes.CopyTo(_bytes.AsSpan((int)offset));
        for (var sector = first; sector <= last; sector++) _sectors[sector].Add(Sector(sector));
        if (end > Length) _lengths.Add(end);
    }

    public void Truncate(long lengthBytes)
    {
        if (lengthBytes == Length) return;

        if (lengthBytes < Length) Write(new byte[Length - lengthBytes], lengthBytes);
        else Array.Resize(ref _bytes, (int)Math.Max(_bytes.Length, Whole(lengthBytes)));
        _lengths.Add(lengthBytes);
    }

    public void Sync()
    {
        _sectors.Clear();
        _lengths.RemoveRange(0, _lengths.Count - 1);
    }

    /// <summary>A sync has failed: of what was unsynced anything may be lost, and readers see that at once.</summary>
    public void LoseUnsynced(Random dice)
    {
        foreach (var (sector, versions) in _sectors)
        {
            versions[dice.Next(versions.Count)].CopyTo(_bytes, sector * SectorBytes);
        }

        var length = _lengths[dice.Next(_lengths.Count)];
        _bytes.AsSpan((int)length).Clear();
        _lengths.Add(length);
        Sync();
    }

    public void Flip(long offset, int bit)
    {
        var mask = (byte)(1 << bit);
        _bytes[offset] ^= mask;
        if (!_sectors.TryGetValue(offset / SectorBytes, out var versions)) return;

        foreach (var version in versions) version[offset % SectorBytes] ^= mask;
    }

    public SimulatedContent AfterPowerCut(Random dice)
    {
        var content = AfterKill();
        content.LoseUnsynced(dice);
        return content;
    }

    /// <summary>The same, with the same things still to be synced: the kernel has them.</summary>
    public SimulatedContent AfterKill()
    {
        var sectors = new SortedDictionary<long, List<byte[]>>();
        foreach (var (sector, versions) in _sectors)
        {
            sectors.Add(sector, [.. versions.Select(version => version.ToArray())]);
        }

        return new SimulatedContent([.. _bytes], sectors, [.. _lengths]);
    }

    private static long Whole(long lengthBytes) => (lengthBytes + SectorBytes - 1) / SectorBytes * SectorBytes;

    private byte[] Sector(long sector) => _bytes.AsSpan((int)(sector * SectorBytes), SectorBytes).ToArray();
}
