using System.Text.RegularExpressions;

namespace Signalbox.House.Tests;

/// <summary>What a reviewer should not have to look for.</summary>
public sealed partial class TidyTests
{
    private const int LongFile = 400;
    private const int LongMethod = 60;

    private static readonly string[] CodeFolders = ["src", "client", "server", "silo", "tests", "bench", "examples"];

    private static readonly string[] WordlessFolders =
        ["Utils", "Helpers", "Common", "Managers", "Models", "Interfaces", "Extensions"];

    // Longer than a screen today, for a reason each: they may become shorter, and no other may join them.
    private static readonly Dictionary<string, int> LongMethods = new()
    {
        // Tables of what is written how, in the order of the binary form's tags.
        ["src/Signalbox.Engine/Binary/ChannelForm.cs"] = 63,
        ["src/Signalbox.Engine/Binary/QueueFactForm.cs"] = 71,
        // One byte, one operation: a script's interpreter.
        ["tests/Signalbox.Core.Tests/Hashes/HashKeyProperties.cs"] = 61,
    };

    // A file in the root is what every reader of the repository sees first.
    private static readonly Regex RootFile = RootFilePattern();

    [Fact]
    public void The_machines_know_no_tasks_and_no_locks() =>
        Assert.Empty(LinesThat(Repository.Files("*.cs", "src/Signalbox.Core"), TaskOrLock()));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Assert.Empty(LinesThat(Code().Where(file => !file.EndsWith("TidyTests.cs", StringComparison.Ordinal)), Later()));

    [Fact]
    public void No_namespace_is_named_for_the_package_below_it() =>
        Assert.Empty(LinesThat(Code(), OrleansNamespace()));

    [Fact]
    public void No_folder_is_named_for_nothing()
    {
        var folders = Code().SelectMany(file => file.Split('/')[..^1]).Distinct();

        Assert.Empty(folders.Intersect(WordlessFolders, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_long_file_says_why_in_its_first_comment() =>
        Assert.Empty(
            from file in Code()
            let lines = Repository.Lines(file)
            where lines.Length > LongFile && !lines[0].StartsWith("//", StringComparison.Ordinal)
            select $"{file} has {lines.Length} lines");

    [Fact]
    public void A_method_fits_a_screen() =>
        Assert.Empty(
            from file in Code()
            from method in Methods(file)
            where method.Lines > LongMethods.GetValueOrDefault(file, LongMethod)
            select $"{file}:{method.At}: a method of {method.Lines} lines");

    [Fact]
    public void The_root_stays_clean()
    {
        var files = Directory.GetFiles(Repository.Root).Select(file => Path.GetFileName(file));

        Assert.DoesNotContain(files, file => !RootFile.IsMatch(file));
    }

    [Theory]
    [InlineData("README.md", 150)]
    [InlineData("ARCHITECTURE.md", 300)]
    public void The_first_pages_are_short(string page, int lines) =>
        Assert.InRange(Repository.Lines(page).Length, 1, lines);

    private static IEnumerable<string> Code() => Repository.Files("*.cs", CodeFolders);

    private static IEnumerable<string> LinesThat(IEnumerable<string> files, Regex pattern) =>
        from file in files
        from line in Repository.Lines(file).Index()
        where pattern.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    // A method's body is what stands between a brace on a line of its own, below a closing parenthesis, and the brace
    // of the same indent that ends it; unless what is above, back to the line before it began, is the head of a type.
    private static IEnumerable<(int At, int Lines)> Methods(string file)
    {
        var lines = Repository.Lines(file);
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim() != "{" || !lines[i - 1].EndsWith(')')) continue;

            var indent = lines[i][..lines[i].IndexOf('{')];
            var head = lines[..i].Reverse().TakeWhile(line => line.StartsWith(indent, StringComparison.Ordinal) && line.Length > indent.Length);
            if (head.Any(line => TypeHead().IsMatch(line))) continue;

            yield return (i, Array.FindIndex(lines, i, line => line.StartsWith(indent + "}", StringComparison.Ordinal)) - i - 1);
        }
    }

    [GeneratedRegex(@"^(?!\s*///?).*(\basync\b|\bTask\b|\bValueTask\b|\block \()")]
    private static partial Regex TaskOrLock();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"^namespace .*\bOrleans\b")]
    private static partial Regex OrleansNamespace();

    [GeneratedRegex(@"^\s*(public |internal |private |protected |sealed |static |abstract |partial |readonly |ref )*(class|record|struct|interface) ")]
    private static partial Regex TypeHead();

    [GeneratedRegex(@"^(\.[A-Za-z.]+|README\.md|ARCHITECTURE\.md|CHANGELOG\.md|SECURITY\.md|CONTRIBUTING\.md|LICENSE|global\.json|nuget\.config|BannedSymbols\.txt|Dockerfile|Directory\.(Build|Packages)\.(props|targets)|[A-Za-z]+\.(sln|slnf))$", RegexOptions.IgnoreCase)]
    private static partial Regex RootFilePattern();
}
