using System.IO.Pipelines;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Tcp;

/// <summary>A session whose commands and replies are frames of the dispatcher's port.</summary>
internal sealed class DispatcherSession(SessionHost host, string id, string peer, IDuplexPipe transport)
    : Session(host, id, peer, transport.Output)
{
    public override string Protocol => "tcp";

    public override bool RequiresSeq => true;

    protected override WireFormat Format => DispatcherFormat.Instance;

    // Whoever waits in the read comes back, and finds that the session has ended.
    protected override void OnEnding() => transport.Input.CancelPendingRead();

    protected override int BeginFrame(JsonBuffer buffer) => new ReplyWriter(buffer).BeginFrame();

    protected override void EndFrame(JsonBuffer buffer, int start) => new ReplyWriter(buffer).EndFrame(start);

    protected override void WriteDelivery(ReplyWriter writer, Delivery delivery) => DispatcherFormat.Write(writer, delivery);
}
