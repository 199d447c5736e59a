using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Conversations;

/// <summary>
/// Plays a conversation from its file and writes down what was really said.
/// <code>
/// # a comment
/// a > {"command":"ping","seq":1}      client a (connected at its first line) sends this
/// a &lt; {"command":"ping",…}          the next frame that a gets
/// a closes
/// 5 s pass
/// </code>
/// Lines with &lt;~ are of frames that may come in either order.
/// A word in angle brackets stands for a value that is new each time: of a client's name its address, of any other word
/// what was there first, and the same ever after.
/// </summary>
internal sealed partial class Conversation(Func<string, Task<ITalker>> connect, ManualClock clock)
{
    private readonly Dictionary<string, ITalker> _clients = [];
    private readonly Dictionary<string, string> _known = [];
    private readonly List<string> _early = [];
    private readonly StringBuilder _transcript = new();

    /// <returns>The file as it would have to be.</returns>
    public async Task<string> PlayAsync(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var said = line;
            if (Spoken().Match(line) is { Success: true } spoken) said = await SpeakAsync(spoken);
            else if (Passing().Match(line) is { Success: true } passing) clock.Pass(Seconds(passing));
            else if (Closing().Match(line) is { Success: true } closing) _clients[closing.Groups["who"].Value].Close();
            else if (line.Length > 0 && line[0] != '#') throw new FormatException($"Not a line of a conversation: {line}");
            _transcript.Append(said).Append('\n');
        }

        foreach (var frame in _early) _transcript.Append(CultureInfo.InvariantCulture, $"# came, and was not expected: {frame}\n");
        await ListenForMoreAsync();
        return _transcript.ToString();
    }

    private static TimeSpan Seconds(Match passing) =>
        TimeSpan.FromSeconds(double.Parse(passing.Groups["time"].Value, CultureInfo.InvariantCulture));

    private async Task<string> SpeakAsync(Match spoken)
    {
        var who = spoken.Groups["who"].Value;
        var words = spoken.Groups["words"].Value;
        if (!_clients.TryGetValue(who, out var client))
        {
            _clients[who] = client = await connect(who);
            _known[who] = client.Peer;
        }

        if (spoken.Groups["way"].Value == ">")
        {
            await client.SendAsync(Placeholder().Replace(words, match => _known[match.Groups["name"].Value]));
            return spoken.Value;
        }

        if (spoken.Groups["way"].Value == "<") return await HearAsync(client, words) is { } wrong ? $"{who} < {wrong}" : spoken.Value;
        if (_early.RemoveAll(early => Matches(words, early)) > 0) return spoken.Value;
        if (await HearAsync(client, words) is not { } early) return spoken.Value;

        _early.Add(early);
        return await HearAsync(client, words) is { } other ? $"{who} < {other}" : spoken.Value;
    }

    /// <returns>The frame, where it is not the one that is wanted.</returns>
    private async Task<string?> HearAsync(ITalker client, string words)
    {
        var frame = await client.ReadAsync(words);
        return Matches(words, frame) ? null : frame;
    }

    private bool Matches(string expected, string frame)
    {
        var pattern = Placeholder().Replace(Regex.Escape(expected), match =>
        {
            var name = match.Groups["name"].Value;
            return _known.TryGetValue(name, out var value) ? Regex.Escape(value) : $"(?<{name}>[^\"]+)";
        });
        var match = Regex.Match(frame, $"^{pattern}$");
        if (!match.Success) return false;

        foreach (Group group in match.Groups)
        {
            if (group.Name != "0") _known[group.Name] = group.Value;
        }

        return true;
    }

    // Whatever came and is not in the file shows up before the answer to a last command.
    private async Task ListenForMoreAsync()
    {
        foreach (var (who, client) in _clients)
        {
            if (_transcript.ToString().Contains($"{who} closes", StringComparison.Ordinal)) continue;
            foreach (var frame in await client.SyncAsync("the end of the conversation"))
            {
                _transcript.Append(CultureInfo.InvariantCulture, $"{who} < {frame}\n");
            }
        }
    }

    [GeneratedRegex("^(?<who>[a-z]+) (?<way>>|<~?) (?<words>.*)$")]
    private static partial Regex Spoken();

    [GeneratedRegex("^(?<time>[0-9.]+) s pass$")]
    private static partial Regex Passing();

    [GeneratedRegex("^(?<who>[a-z]+) closes$")]
    private static partial Regex Closing();

    [GeneratedRegex("<(?<name>[a-z]+)>")]
    private static partial Regex Placeholder();
}
