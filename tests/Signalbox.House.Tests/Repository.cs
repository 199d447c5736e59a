namespace Signalbox.House.Tests;

/// <summary>The files of this repository, as they lie on the disk.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "node_modules", "bin", "obj"];

    public static readonly string Root = FindRoot();

    /// <summary>Paths from the root, with forward slashes; nothing that a build or a run has made.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders) =>
        from folder in folders.Length == 0 ? [""] : folders
        let start = Path.Combine(Root, folder)
        where Directory.Exists(start)
        from file in Directory.EnumerateFiles(start, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part.StartsWith('.') || NotOurs.Contains(part))
        orderby path
        select path;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props"))) folder = folder.Parent!; // It is above.
        return folder.FullName;
    }
}
