using System.Text.Json;
using System.Xml.Linq;

namespace Signalbox.House.Tests;

/// <summary>Which project may know which. A new arrow is a decision: it is made in ARCHITECTURE.md, then here.</summary>
public sealed class ArrowsTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["src/Signalbox.Core"] = [],
        ["src/Signalbox.Protocol"] = [],
        ["src/Signalbox.Engine"] = ["src/Signalbox.Core", "src/Signalbox.Gates"],
        ["src/Signalbox.Engine.Embedded"] = ["src/Signalbox.Engine"],
        ["src/Signalbox.Engine.Cluster"] = ["src/Signalbox.Engine"],
        ["src/Signalbox.Gates"] = [],
        ["src/Signalbox.Transport"] = ["src/Signalbox.Gates"],
        ["src/Signalbox.Gateways"] = ["src/Signalbox.Engine", "src/Signalbox.Protocol", "src/Signalbox.Transport"],
        ["src/Signalbox.InProcess"] = ["src/Signalbox.Engine", "src/Signalbox.Protocol"],
        ["src/Signalbox.Hosting"] = ["src/Signalbox.Gateways", "src/Signalbox.Engine.Embedded", "src/Signalbox.InProcess"],
        ["src/Signalbox.Cluster.Client"] = ["src/Signalbox.Engine.Cluster", "src/Signalbox.InProcess"],
        ["src/Signalbox.Serving"] = ["src/Signalbox.Hosting"],
        ["server"] = ["src/Signalbox.Hosting", "src/Signalbox.Serving"],
        ["silo"] = ["src/Signalbox.Serving", "src/Signalbox.Engine.Cluster"],
        ["client/Signalbox.Client"] = ["src/Signalbox.Protocol"],
        ["client/Signalbox.Cli"] = ["client/Signalbox.Client"],
    };

    private static readonly string[] ClusterPackages = ["Microsoft.Orleans", "StackExchange.Redis"];

    // Parts of names of projects that want more than the SDK.
    private static readonly string[] Needy = ["Cluster", "Outside"];

    public static TheoryData<string> Projects() => [.. Repository.Files("*.csproj", "src", "client", "server", "silo")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_those_it_may(string project)
    {
        var allowed = Arrows.GetValueOrDefault(Folder(project));

        Assert.True(allowed is not null, $"{project} has no line in the table of arrows.");
        Assert.Empty(References(project).Select(Folder).Except(allowed));
    }

    [Theory]
    [InlineData("src/Signalbox.Core")]
    [InlineData("src/Signalbox.Protocol")]
    [InlineData("src/Signalbox.Gates")]
    public void The_innermost_projects_need_no_packages(string folder)
    {
        foreach (var project in Repository.Files("*.csproj", folder)) Assert.Empty(Packages(project));
    }

    [Fact]
    public void What_stands_alone_needs_no_package_of_the_cluster_directly_or_not()
    {
        var projects = new HashSet<string>();
        foreach (var project in StandaloneProjects()) Gather(project, projects);

        var clustered =
            from project in projects
            from package in Packages(project)
            where ClusterPackages.Any(prefix => package.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            select $"{project} needs {package}";
        Assert.Empty(clustered);
    }

    [Fact]
    public void Everything_that_needs_neither_the_cluster_nor_programs_from_outside_stands_alone()
    {
        var others = Repository.Files("*.csproj", "src", "client", "server", "silo", "tests", "bench")
            .Where(project => Needy.Any(part => project.Contains(part, StringComparison.Ordinal)) || Folder(project) == "silo");

        var missing = Repository.Files("*.csproj", "src", "client", "server", "tests").Except(others).Except(StandaloneProjects());

        Assert.Empty(missing);
    }

    private static IEnumerable<string> StandaloneProjects()
    {
        using var filter = JsonDocument.Parse(Repository.Read("Standalone.slnf"));
        var projects = filter.RootElement.GetProperty("solution").GetProperty("projects");
        return [.. projects.EnumerateArray().Select(project => project.GetString()!.Replace('\\', '/'))]; // They are texts.
    }

    private static void Gather(string project, HashSet<string> projects)
    {
        if (!projects.Add(project)) return;
        foreach (var known in References(project)) Gather(known, projects);
    }

    private static IEnumerable<string> References(string project) =>
        Includes(project, "ProjectReference").Select(include =>
        {
            var path = Path.Combine(Repository.Root, Folder(project), include.Replace('\\', '/'));
            return Path.GetRelativePath(Repository.Root, Path.GetFullPath(path)).Replace('\\', '/');
        });

    private static IEnumerable<string> Packages(string project) => Includes(project, "PackageReference");

    private static IEnumerable<string> Includes(string project, string element) =>
        XDocument.Parse(Repository.Read(project)).Descendants(element).Select(one => (string?)one.Attribute("Include") ?? "");

    private static string Folder(string project) => Path.GetDirectoryName(project)!.Replace('\\', '/'); // No project lies in the root.
}
