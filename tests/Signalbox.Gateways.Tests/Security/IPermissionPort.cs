namespace Signalbox.Gateways.Tests.Security;

/// <summary>A protocol as a column of the permission table.</summary>
internal interface IPermissionPort
{
    /// <summary>Whether there is such a command here.</summary>
    bool Speaks(string body) => true;

    /// <summary>Comes with this token, does this one command, and goes.</summary>
    /// <param name="token">Null for none.</param>
    /// <param name="body">The command, without its <c>seq</c>.</param>
    /// <returns>The code of the answer to the command, or of the refusal to let somebody in with such a token.</returns>
    Task<string> AskAsync(string? token, string body);
}
