using Signalbox.Engine;
using Signalbox.Engine.Queues;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Tests.Popping;

/// <summary>Who waits at a queue that fails hears of it.</summary>
public sealed class FailingPopTests
{
    private const string BlockedPop = """{"command":"qpop","key":"jobs","block":true,"seq":"pop"}""";

    private readonly TaskCompletionSource<PopAnswer> _popping = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(typeof(LogFailedException), ErrorCode.Unavailable)]
    [InlineData(typeof(TimeoutException), ErrorCode.InternalError)]
    [InlineData(typeof(OperationCanceledException), ErrorCode.InternalError)]
    [InlineData(typeof(InvalidDataException), ErrorCode.InternalError)]
    public async Task Whatever_a_queue_throws_a_blocked_pop_is_answered_and_the_connection_goes_on(
        Type failure, ErrorCode code)
    {
        await using var host = await DispatcherHost.StartAsync(
            plan => plan.Engine = engine => new WaitingQueues(engine, _popping.Task));
        var worker = await host.ConnectAsync("worker");
        await worker.SendAsync(BlockedPop);
        await worker.SyncAsync("the pop to be waiting");

        _popping.SetException(failure == typeof(LogFailedException)
            ? new LogFailedException("The storage is gone.", null)
            : (Exception)Activator.CreateInstance(failure)!); // Each has a constructor for that.

        var answer = await worker.ReadAsync("the failure");
        Assert.Equal(("pop", $"{(int)code}"), (answer.Field("seq"), answer.Field("code")));
        Assert.Equal("0", (await worker.AskAsync("""{"command":"ping","seq":1}""")).Field("code"));
    }
}
