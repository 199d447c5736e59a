using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Tests;

/// <summary>Requests that say only what a test is about.</summary>
internal static class Requests
{
    public static readonly PopRequest PopNow = new(Lease: null, TimeSpan.Zero);

    public static readonly PopRequest PopWhenever = new(Lease: null, Wait: null);

    public static readonly PopRequest ReserveNow = new(TimeSpan.FromMinutes(1), TimeSpan.Zero);

    public static readonly PopRequest ReserveWhenever = new(TimeSpan.FromMinutes(1), Wait: null);

    /// <summary>Channels that write down everything.</summary>
    public static readonly ChannelRules AlwaysDurable =
        new([], ChannelOptions.Default with { Durability = Core.Storage.Durability.Always });

    public static Payload Text(string text) => new(Encoding.UTF8.GetBytes(text), PayloadKind.Text);

    public static PublishRequest Publish(string text) => new(Text(text), Headers.None, "test", null, Retain: false, null);

    public static SetRequest Set(string text, string? id = null) => new(Text(text), null, null, SetCondition.Always, id);

    public static PushRequest Push(string text, string? id = null) =>
        new(Text(text), Headers.None, 0, TimeSpan.Zero, null, id);
}
