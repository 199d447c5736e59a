using System.Text.Json;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>The call of one kind of command, with a task for whoever waits for the reply.</summary>
/// <param name="late">What is done with a reply that comes when nobody waits any more.</param>
internal sealed class Call<TRequest, TReply>(TRequest request, Action<TReply>? late = null) : Call
    where TRequest : struct, IRequest<TReply>
{
    private readonly TaskCompletionSource<TReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;

    public override CallTraits Traits => request.Traits;

    public override bool IsDone => _reply.Task.IsCompleted;

    public Task<TReply> Reply => _reply.Task;

    /// <summary>Lets the token end the waiting. Called before the call is submitted.</summary>
    public void CancelBy(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled) return;

        _cancellation = cancellationToken.UnsafeRegister(
            static (state, token) => ((Call<TRequest, TReply>)state!)._reply.TrySetCanceled(token), this);
    }

    public override void Write(ReplyWriter writer)
    {
        writer.BeginObject();
        writer.Property("command"u8);
        writer.Text(CommandNames.Utf8Of(request.Command));
        writer.Property("seq"u8);
        writer.Number(Seq);
        request.Write(writer);
        writer.EndObject();
    }

    public override void Complete(Reply reply)
    {
        _cancellation.Unregister();
        try
        {
            if (reply.Error() is { } error && !(error.Code == ErrorCode.Conflict && Has(CallTraits.ConflictIsAnswer)))
            {
                Fail(error);
                return;
            }

            var answer = request.Read(reply);
            if (!_reply.TrySetResult(answer)) late?.Invoke(answer);
        }
        catch (JsonException e)
        {
            _reply.TrySetException(e);
            throw;
        }
    }

    public override void Fail(Exception reason)
    {
        _cancellation.Unregister();
        if (WasSent && Has(CallTraits.ByReceipt) && reason is SignalboxException { Code: ErrorCode.Conflict })
        {
            reason = new SignalboxConnectionLostException(
                Outcome.Unknown,
                "The connection broke, and the repeat was refused: the first try was done or came too late.",
                reason);
        }

        _reply.TrySetException(reason);
    }

    private bool Has(CallTraits trait) => (request.Traits & trait) != 0;
}
