using Signalbox.Serving;

namespace Signalbox.Server;

/// <summary>Everything that can be set, as appsettings.json, <c>SIGNALBOX__…</c> variables and the command line say it.</summary>
public sealed class ServerOptions : ServingOptions
{
    public ServerOptions() => Data.Directory = "./data";
}
