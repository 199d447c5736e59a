namespace Signalbox.Gateways.Tests.Security;

/// <summary>A command, the least rights that allow it, and how it is answered.</summary>
/// <param name="Body">The command as JSON, without its <c>seq</c>.</param>
/// <param name="Rights">The claim that grants it.</param>
/// <param name="Allowed">The code for who may.</param>
/// <param name="Denied">The code for who may other things only.</param>
/// <param name="Anonymous">The code for who has said nothing.</param>
public sealed record PermissionRow(
    string Body, string Rights, string Allowed = "0", string Denied = "403", string Anonymous = "401");
