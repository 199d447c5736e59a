using Signalbox.Core.Users;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;

namespace Signalbox.InProcess.Tests;

public sealed class UserTests
{
    [Fact]
    public async Task What_is_sent_to_a_user_reaches_every_connection()
    {
        using var engine = await TestEngine.StartAsync();
        var (desk, phone) = (await ConnectAsync(engine, "desk"), await ConnectAsync(engine, "phone"));

        var reached = await engine.Connect().SendAsync("anna", "hello", cancellationToken: Token);

        Assert.Equal(2, reached);
        Assert.Equal("hello", await desk.Got.Task.WaitAsync(Token));
        Assert.Equal("hello", await phone.Got.Task.WaitAsync(Token));
    }

    [Fact]
    public async Task Where_a_user_is_can_be_asked()
    {
        using var engine = await TestEngine.StartAsync();
        await ConnectAsync(engine, "desk");

        var connections = await engine.Connect().UserAsync("anna", Token);

        Assert.Equal(["desk"], connections.Select(one => one.Id));
        Assert.Empty(await engine.Connect().UserAsync("bert", Token));
    }

    [Fact]
    public async Task A_user_is_disconnected_and_tokens_are_revoked()
    {
        using var engine = await TestEngine.StartAsync();
        var desk = await ConnectAsync(engine, "desk");

        var disconnected = await engine.Connect().DisconnectAsync("anna", Token);
        var first = await desk.CutFor.Task.WaitAsync(Token);
        var revoked = await engine.Connect().RevokeAsync("anna", cancellationToken: Token);

        Assert.Equal((1, 1), (disconnected, revoked));
        Assert.Equal(CutReason.Disconnected, first);
        Assert.NotEqual(
            Core.Refusals.Refusal.None,
            await engine.Engine.User("anna").CheckAsync(new TokenStamp(null, engine.Clock.GetUtcNow()), Token));
    }

    private static async Task<Device> ConnectAsync(TestEngine engine, string id)
    {
        var device = new Device(id);
        engine.Node.Enlist(device, "anna");
        var connection = new UserConnection(id, engine.Node.Id, "here", "tcp", null, engine.Clock.GetUtcNow(), null);
        await engine.Engine.User("anna").OpenAsync(connection, Token);
        return device;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private sealed class Device(string id) : Subscriber(id, "here")
    {
        public TaskCompletionSource<string> Got { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<CutReason> CutFor { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void Deliver(DeliveryBatch batch, int first)
        {
            if (batch.Deliveries[first] is DirectDelivery direct) Got.TrySetResult(direct.Payload.Text);
        }

        protected override void FallBehind() => throw new InvalidOperationException("It has no history.");

        protected override void Cut(CutDelivery cut) => CutFor.TrySetResult(cut.Reason);
    }
}
