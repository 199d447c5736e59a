using Signalbox.Core.Payloads;
using Signalbox.Core.Users;
using Signalbox.Engine.Users;

namespace Signalbox.InProcess;

// Users: what is said to somebody wherever they are, and about them.
public sealed partial class InProcessSignalbox
{
    public async Task<int> SendAsync(
        string user, Payload value, SendOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= SendOptions.Default;
        Checks.Name(user, mayBeSystem: false);
        Checks.Value(value);
        var request = new DirectRequest(value, Checks.Headers(options.Headers), Name);
        return await _engine.User(user).SendAsync(request, cancellationToken).Apart();
    }

    public async Task<IReadOnlyList<UserConnection>> UserAsync(string user, CancellationToken cancellationToken = default)
    {
        Checks.Name(user, mayBeSystem: false);
        return await _engine.User(user).ConnectionsAsync(cancellationToken).Apart();
    }

    public async Task<int> RevokeAsync(string user, string? tokenId = null, CancellationToken cancellationToken = default)
    {
        Checks.Name(user, mayBeSystem: false);
        Checks.Id(tokenId);
        var request = new RevokeRequest(tokenId, _options.RevocationTime);
        var answer = await _engine.User(user).RevokeAsync(request, cancellationToken).Apart();
        SignalboxException.ThrowIf(answer.Refusal);
        return answer.Cut;
    }

    public async Task<int> DisconnectAsync(string user, CancellationToken cancellationToken = default)
    {
        Checks.Name(user, mayBeSystem: false);
        return await _engine.User(user).DisconnectAsync(cancellationToken).Apart();
    }
}
