using System.Globalization;
using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.Server.LogCommands;

/// <summary>The command line of a log command: its options, its operands, and the server's settings beside them.</summary>
internal sealed class LogArguments
{
    private const string PayloadsFlag = "payloads";

    private static readonly string[] Options = ["from", "to", "kind", "name"];

    private readonly Dictionary<string, string> _options = [];
    private readonly List<string> _operands = [];
    private readonly List<string> _settings = [];

    private LogArguments()
    {
    }

    public string Command { get; private set; } = "";

    /// <summary>Those of the server, with which it writes this log.</summary>
    public string[] Settings => [.. _settings];

    public bool ShowsPayloads => _options.ContainsKey(PayloadsFlag);

    /// <exception cref="UsageException">Something in it is not understood.</exception>
    public static LogArguments Read(string[] args)
    {
        if (args.Length == 0) throw new UsageException("what is to be done with the log is missing");

        var arguments = new LogArguments { Command = args[0] };
        for (var i = 1; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                arguments._operands.Add(args[i]);
                continue;
            }

            var (option, value) = args[i][2..].Split('=', 2) is [var left, var right] ? (left, right) : (args[i][2..], null);
            if (option == PayloadsFlag && value is null)
            {
                arguments._options[option] = "";
                continue;
            }

            var isSetting = option.Contains(':', StringComparison.Ordinal);
            if (!isSetting && !Options.Contains(option)) throw new UsageException($"there is no option --{option}");
            if (value is null && ++i == args.Length) throw new UsageException($"--{option} needs a value");

            value ??= args[i];
            if (isSetting) arguments._settings.Add($"--{option}={value}");
            else arguments._options[option] = value;
        }

        return arguments;
    }

    /// <summary>Says no to what a command does not take.</summary>
    public void Allow(int operands, bool filters)
    {
        if (_operands.Count > operands) throw new UsageException($"'{_operands[operands]}' is too much for {Command}");
        if (_operands.Count < operands) throw new UsageException($"{Command} needs a directory");
        if (!filters && _options.Count > 0) throw new UsageException($"{Command} takes no --{_options.Keys.First()}");
    }

    public string Operand(int index) => _operands[index];

    public string? Text(string option) => _options.GetValueOrDefault(option);

    public long? Position(string option)
    {
        if (Text(option) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return position;

        throw new UsageException($"--{option} {text} is no position");
    }

    /// <summary>The directory that the settings name; it is not made where there is none.</summary>
    public IDisk OpenDisk()
    {
        var directory = ServerApp.ReadOptions(Settings).Data.Directory ?? "";
        return Directory.Exists(directory)
            ? new RealDisk(directory)
            : throw new DirectoryNotFoundException($"There is no directory {Path.GetFullPath(directory)}.");
    }
}
