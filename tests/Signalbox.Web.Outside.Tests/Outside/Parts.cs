namespace Signalbox.Web.Outside.Tests.Outside;

/// <summary>
/// What these tests need and the repository does not hold. A test whose part is missing is skipped, and says so.
/// </summary>
internal static class Parts
{
    private static readonly string Node = Path.Combine(Root(), "tests", "Signalbox.Web.Outside.Tests", "Node");

    public static string Page => Path.Combine(Node, "page.html");

    /// <summary>A script of ours, whose packages are there.</summary>
    public static string Script(string name, string package)
    {
        Program("node");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Node, "node_modules", package)),
            $"The package {package} is missing: run 'npm ci' in tests/Signalbox.Web.Outside.Tests/Node.");
        return Path.Combine(Node, name);
    }

    /// <summary>Where the first of these programs is that is installed.</summary>
    public static string Program(params string[] names)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin");
        var found = names.SelectMany(_ => folders, (name, folder) => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{names[0]} is not installed here.");
        return found;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) folder = folder.Parent!; // It is above.
        return folder.FullName;
    }
}
