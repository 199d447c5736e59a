using System.Diagnostics.CodeAnalysis;
using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;

namespace Signalbox.Hosting;

/// <summary>Where data is kept, and how much of it outlives the process.</summary>
public sealed class DataSettings
{
    private const long MinSegmentBytes = 1024 * 1024;

    /// <summary>The directory of the log; null keeps nothing on disk. Default ./data for the server, else null.</summary>
    public string? Directory { get; set; }

    /// <summary>Keep nothing on disk, whatever <see cref="Directory"/> says: what is in memory is all there is. Default
    /// false; also as <c>--ephemeral</c>.</summary>
    public bool Ephemeral { get; set; }

    [MemberNotNullWhen(false, nameof(Directory))]
    internal bool IsEphemeral => Ephemeral || Directory is null;

    /// <summary>
    /// How much of what is confirmed outlives a crash: Always (all of it; a reply waits for the disk), Interval (all but
    /// the last <see cref="FlushInterval"/>), None. Default Always. It can be set otherwise by kind, and by channel.
    /// </summary>
    public Durability Durability { get; set; } = Durability.Always;

    /// <summary>The same for hash keys. Default as <see cref="Durability"/>.</summary>
    public Durability? Hash { get; set; }

    /// <summary>The same for queues. Default as <see cref="Durability"/>.</summary>
    public Durability? Queue { get; set; }

    /// <summary>The same for what users have spent of their rate limits. Default as <see cref="Durability"/>.</summary>
    public Durability? User { get; set; }

    /// <summary>The same for sessions of MQTT that are to outlive their connections. Default as <see cref="Durability"/>.</summary>
    public Durability? MqttSession { get; set; }

    /// <summary>How long what nobody waits for may stay unwritten. Default 100 milliseconds.</summary>
    public TimeSpan FlushInterval { get; set; } = LogOptions.Default.FlushInterval;

    /// <summary>Bytes of a log file; as much is reserved ahead. Default 64 MiB.</summary>
    public long SegmentBytes { get; set; } = LogOptions.Default.SegmentBytes;

    public EngineDurability ToDurability() => new()
    {
        Hash = Hash ?? Durability,
        Queue = Queue ?? Durability,
        User = User ?? Durability,
        MqttSession = MqttSession ?? Durability,
    };

    public LogOptions ToOptions() => new()
    {
        FlushInterval = FlushInterval,
        SegmentBytes = SegmentBytes,
        CheckpointBytes = SegmentBytes,
    };

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public IEnumerable<string> Validate()
    {
        if (!IsEphemeral && string.IsNullOrWhiteSpace(Directory))
        {
            yield return "Data:Directory is empty; name a directory, or say --ephemeral if nothing is to be kept.";
        }

        if (FlushInterval <= TimeSpan.Zero || FlushInterval > TimeSpan.FromMinutes(1))
        {
            yield return "Data:FlushInterval is out of range; use 00:00:00.001 to 00:01:00.";
        }

        if (SegmentBytes < MinSegmentBytes) yield return $"Data:SegmentBytes is too small; use {MinSegmentBytes} or more.";
    }
}
