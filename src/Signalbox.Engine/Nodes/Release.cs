using System.Reflection;

namespace Signalbox.Engine.Nodes;

/// <summary>Which release of Signalbox a process runs.</summary>
public static class Release
{
    public static readonly string Version = typeof(Release).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
