namespace Signalbox.Cli.Running;

/// <summary>All of the outside world that a command touches, beside the server. Tests give it another.</summary>
/// <param name="Clock">Its zone is the one that times are printed in.</param>
/// <param name="Environment">Its variables: null for one that is not set.</param>
internal sealed record Terminal(
    Stream In, TextWriter Out, TextWriter Error, TimeProvider Clock, Func<string, string?> Environment);
