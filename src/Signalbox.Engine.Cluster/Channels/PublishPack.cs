using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Channels;

/// <summary>What is published together, in the turn of its first.</summary>
internal sealed class PublishPack(CallTurn turn)
{
    private const int MaxRequests = 256;
    private const int MaxBytes = 256 * 1024;

    private readonly List<PublishRequest> _requests = [];
    private readonly List<TaskCompletionSource<PublishAnswer>> _answers = [];
    private int _bytes;

    public CallTurn Turn => turn;

    public bool HasRoom => _requests.Count < MaxRequests && _bytes < MaxBytes;

    public PublishRequest[] Requests => [.. _requests];

    public Task<PublishAnswer> Add(PublishRequest request)
    {
        var answer = new TaskCompletionSource<PublishAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add(request);
        _answers.Add(answer);
        _bytes += request.Payload.Length;
        return answer.Task;
    }

    public void Answer(PublishAnswer[] answers)
    {
        for (var i = 0; i < answers.Length; i++) _answers[i].TrySetResult(answers[i]);
    }

    public void Fail(Exception exception)
    {
        foreach (var answer in _answers) answer.TrySetException(exception);
    }

    /// <summary>Nobody knows which of it was done: what can be asked again is.</summary>
    public void AskAgain(Exception lost, Func<PublishRequest, ValueTask<PublishAnswer>> ask)
    {
        for (var i = 0; i < _requests.Count; i++)
        {
            if (_requests[i].Id is null) _answers[i].TrySetException(lost);
            else _ = AskAgainAsync(_requests[i], _answers[i], ask);
        }
    }

    private static async Task AskAgainAsync(
        PublishRequest request,
        TaskCompletionSource<PublishAnswer> answer,
        Func<PublishRequest, ValueTask<PublishAnswer>> ask)
    {
        try
        {
            answer.TrySetResult(await ask(request));
        }
        catch (Exception e)
        {
            answer.TrySetException(e);
        }
    }
}
