namespace Signalbox.Server.LogCommands;

/// <summary>What a server says that cannot start on its log, and what can be done.</summary>
internal static class DamageAdvice
{
    /// <param name="damage">What the log's reader or the engine had to say.</param>
    /// <param name="directory">The setting as the operator wrote it.</param>
    public static string Of(Exception damage, string directory) =>
        $"{damage.Message} All of the damage is shown by: signalbox-server log check --Data:Directory \"{directory}\". "
        + "A new log of all that is still readable, the old one set aside, is made by: "
        + $"signalbox-server log repair --Data:Directory \"{directory}\"";
}
