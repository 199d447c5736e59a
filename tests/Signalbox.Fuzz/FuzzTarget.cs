using System.Reflection;

namespace Signalbox.Fuzz;

/// <summary>One codec under fuzzing: its promises, and the inputs that are kept for it.</summary>
/// <param name="Name">Also the name of its folder in the corpus.</param>
/// <param name="Check">Throws, whatever, when the input breaks a promise.</param>
public sealed record FuzzTarget(string Name, Action<byte[]> Check)
{
    public static readonly IReadOnlyList<FuzzTarget> All =
    [
        new("frames", FrameTarget.Check),
        new("commands", CommandTarget.Check),
        new("websockets", WebSocketTarget.Check),
        new("mqtt", MqttTarget.Check),
    ];

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    /// <summary>The kept inputs by name, in an order that does not change.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> LoadCorpus()
    {
        var assembly = typeof(FuzzTarget).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Name + '/', StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => KeyValuePair.Create(name, ReadAll(assembly, name))),
        ];
    }

    private static byte[] ReadAll(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
