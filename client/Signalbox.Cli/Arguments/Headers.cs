using System.CommandLine;

namespace Signalbox.Cli.Arguments;

/// <summary>What is sent beside a value: <c>--header name=text</c>, any number of times.</summary>
internal static class Headers
{
    public static Option<string[]> Option()
    {
        var option = new Option<string[]>("--header")
        {
            Description = "Send a header beside the value; may be repeated.",
            HelpName = "name=text",
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.IndexOf('=') < 1) result.AddError($"'{token.Value}' is no header; use name=text.");
            }
        });
        return option;
    }

    public static IReadOnlyCollection<KeyValuePair<string, string>> Of(string[]? headers) =>
        [.. (headers ?? []).Select(header => header.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0], parts[1]))];
}
