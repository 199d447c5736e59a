using System.Reflection;

namespace Signalbox.Engine.Tests.Binary;

/// <summary>Bytes that were written once, and what they mean: one line of hex, one of JSON.</summary>
internal sealed record GoldenFile(string Type, int Number, byte[] Bytes, string Json)
{
    public static IReadOnlyList<GoldenFile> All { get; } = [.. ReadAll().OrderBy(file => file.Type).ThenBy(file => file.Number)];

    public static string Write(byte[] bytes, string json) => $"{Convert.ToHexStringLower(bytes)}\n{json}\n";

    private static IEnumerable<GoldenFile> ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            // TYPE.NUMBER.golden
            if (name.Split('.') is not [var type, var number, "golden"]) continue;

            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!); // It is among the names.
            var bytes = Convert.FromHexString(reader.ReadLine() ?? "");
            yield return new GoldenFile(type, int.Parse(number), bytes, reader.ReadLine() ?? "");
        }
    }
}
