using System.Text.RegularExpressions;

namespace Signalbox.Hosting;

/// <summary>What the binder of the framework says of a setting that it cannot read, for who wrote the setting: what is
/// wrong, and what would be right.</summary>
internal static partial class SettingProblem
{
    /// <returns>The sentence; null where the exception is of another kind, or says it well enough itself.</returns>
    public static string? Explain(InvalidOperationException exception)
    {
        if (Conversion().Match(exception.Message) is { Success: true } conversion)
        {
            var right = RightOf(conversion.Groups["type"].Value);
            return right is null ? null : $"{conversion.Groups["path"].Value} is '{conversion.Groups["value"].Value}'; use {right}.";
        }

        return Unknown().Match(exception.Message) is { Success: true } unknown
            ? $"There is no setting {unknown.Groups["names"].Value} in {SectionOf(unknown.Groups["type"].Value)}: see docs/settings.md for those that there are."
            : null;
    }

    private static string? RightOf(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Boolean" => "true or false",
        "System.TimeSpan" => "a time such as 00:00:10",
        _ => AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(type)).FirstOrDefault(found => found is not null)
            is { IsEnum: true } words ? $"one of {string.Join(", ", Enum.GetNames(words))}" : null,
    };

    // Types are named for what they are; the settings for where they stand.
    private static string SectionOf(string type) =>
        type == typeof(ChannelSettings).FullName ? "Channels" : type.Split('.')[^1].Replace("Options", "", StringComparison.Ordinal);

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<path>[^']*)' to type '(?<type>[^']*)'", RegexOptions.Singleline)]
    private static partial Regex Conversion();

    [GeneratedRegex("^'ErrorOnUnknownConfiguration' .* on the instance of (?<type>[^ ]*): (?<names>.*)$", RegexOptions.Singleline)]
    private static partial Regex Unknown();
}
