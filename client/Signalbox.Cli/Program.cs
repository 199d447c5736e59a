using System.Text;
using Signalbox.Cli.Running;

namespace Signalbox.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Flushed where a line has to be seen at once: a long list does not make a system call for each of its lines.
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await using (output.ConfigureAwait(false))
        {
            var terminal = new Terminal(
                Console.OpenStandardInput(),
                output,
                Console.Error,
                TimeProvider.System,
                Environment.GetEnvironmentVariable);
            return await new CommandLine(terminal).RunAsync(args, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
