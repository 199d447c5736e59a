namespace Signalbox.Server.LogCommands;

/// <summary><c>signalbox-server log …</c>: what an operator does with the log on disk.</summary>
internal static class LogCommand
{
    public const string Name = "log";

    private const int Good = 0;
    private const int Damaged = 1;
    private const int NotDone = 2;

    private const string Usage =
        """
        signalbox-server log check                 reads all of the log, and says what is damaged
        signalbox-server log dump                  writes down its entries, a line each
            --from P, --to P                       only positions from and to these
            --kind hash|queue|channel|user|mqtt    only this kind
            --name N                               only this name
            --payloads                             what users keep as well, and not only how long it is
        signalbox-server log repair                makes a new log of what is readable; the server must be stopped,
                                                   and its settings are needed: what they do not keep is not kept
        signalbox-server log backup DIR            copies the log, also while the server runs

        The directory is that of the setting Data:Directory, as for the server: --Data:Directory DIR.
        Exit codes: 0 good, 1 damaged, 2 not done.
        """;

    /// <param name="args">The command line behind the word <c>log</c>.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        try
        {
            var arguments = LogArguments.Read(args);
            return arguments.Command switch
            {
                "check" => CodeOf(CheckCommand.Run(arguments)),
                "dump" => CodeOf(DumpCommand.Run(arguments)),
                "repair" => CodeOf(RepairCommand.Run(arguments)),
                "backup" => CodeOf(BackupCommand.Run(arguments)),
                _ => throw new UsageException($"there is no command '{arguments.Command}'"),
            };
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"signalbox-server: {e.Message}.");
            Console.Error.WriteLine(Usage);
            return NotDone;
        }
        catch (Exception e)
            when (e is IOException or InvalidOperationException or FormatException or InvalidDataException)
        {
            Console.Error.WriteLine($"signalbox-server: {e.Message}");
            return NotDone;
        }
    }

    private static int CodeOf(bool isGood) => isGood ? Good : Damaged;
}
