using System.Diagnostics;

namespace Signalbox.Mqtt.Outside.Tests.Outside;

/// <summary>
/// What these tests need and the repository does not hold. A test whose part is missing is skipped, and says so.
/// </summary>
internal static class Parts
{
    private static readonly string Folder = Path.Combine(Root(), "tests", "Signalbox.Mqtt.Outside.Tests");
    private static readonly Lazy<string?> Python = new(FindPython);

    /// <summary>A program of the Debian package mosquitto-clients.</summary>
    public static string Mosquitto(string name)
    {
        var found = Find(name).FirstOrDefault();
        Assert.SkipWhen(found is null, $"{name} is not installed here: it is in the package mosquitto-clients.");
        return found;
    }

    /// <summary>The program and the script of a client in this language.</summary>
    public static (string Program, string Script) Client(Language language) => language switch
    {
        Language.Node => (Node(), Path.Combine(Folder, "Node", "client.mjs")),
        _ => (PythonWithPaho(), Path.Combine(Folder, "Python", "client.py")),
    };

    private static string Node()
    {
        var found = Find("node").FirstOrDefault();
        Assert.SkipWhen(found is null, "Node is not installed here.");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "Node", "node_modules", "mqtt")),
            "The package mqtt is missing: run 'npm ci' in tests/Signalbox.Mqtt.Outside.Tests/Node.");
        return found;
    }

    private static string PythonWithPaho()
    {
        Assert.SkipWhen(Python.Value is null, "No Python here knows paho: it is in the package python3-paho-mqtt.");
        return Python.Value;
    }

    // A machine may have several, of which only the distribution's own has its packages.
    private static string? FindPython() => Find("python3").FirstOrDefault(candidate =>
    {
        var start = new ProcessStartInfo(candidate, ["-c", "import paho.mqtt.client"]) { RedirectStandardError = true };
        using var python = Process.Start(start)!; // It is a new process.
        python.WaitForExit();
        return python.ExitCode == 0;
    });

    private static IEnumerable<string> Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append("/usr/bin").Select(folder => Path.Combine(folder, program)).Where(File.Exists);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) folder = folder.Parent!; // It is above.
        return folder.FullName;
    }
}
