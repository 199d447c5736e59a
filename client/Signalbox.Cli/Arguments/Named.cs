using System.CommandLine;
using System.CommandLine.Parsing;

namespace Signalbox.Cli.Arguments;

/// <summary>Arguments and options that check what they are given.</summary>
internal static class Named
{
    /// <summary>A channel, key, queue or value.</summary>
    public static Argument<string> Argument(string name, string description) =>
        Checked(new Argument<string>(name) { Description = description });

    /// <summary>The beginning of names; without it all.</summary>
    public static Argument<string> Prefix(string description) => Checked(new Argument<string>("PREFIX")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "",
    });

    public static Argument<T> Checked<T>(Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.Length == 0) result.AddError($"{argument.Name} must not be empty.");
                else if (IsMistypedOption(token, result)) result.AddError($"There is no option '{token.Value}' here; put -- before what begins so.");
            }
        });
        return argument;
    }

    public static Argument<string> Value(string description) => new("VALUE") { Description = description + " '-' reads it from stdin." };

    public static Option<bool> Text() => new("--text") { Description = "Send the value as text, even where it is valid JSON." };

    public static Option<string?> Id() =>
        new("--id") { Description = "An idempotency id: the server does it once for all repeats of it.", HelpName = "id" };

    public static Option<long?> AtLeast(string name, long least, string description)
    {
        var option = new Option<long?>(name) { Description = description, HelpName = "n" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out var number) && number < least)
            {
                result.AddError($"{name} must be {least} or more.");
            }
        });
        return option;
    }

    // The parser takes an option that it does not know for an argument.
    private static bool IsMistypedOption(Token token, ArgumentResult result)
    {
        if (!token.Value.StartsWith("--", StringComparison.Ordinal)) return false;

        SymbolResult top = result;
        while (top.Parent is { } parent) top = parent;
        return !top.Tokens.Any(one => one.Type == TokenType.DoubleDash);
    }
}
