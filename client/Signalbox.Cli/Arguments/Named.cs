using System.CommandLine;

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

    /// <summary>An argument that is a name, and so not empty.</summary>
    public static Argument<T> Checked<T>(Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0)) result.AddError($"{argument.Name} must not be empty.");
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
}
