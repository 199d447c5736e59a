using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Signalbox.Cli.Arguments;
using Signalbox.Cli.Running;

namespace Signalbox.Cli.Commands;

/// <summary>Makes a token to try things out with. It asks no server: whoever has the secret can sign.</summary>
internal static class TokenCommand
{
    private const string SecretVariable = "SIGNALBOX_SECRET";
    private const int MinSecretBytes = 32;
    private static readonly TimeSpan StandardLife = TimeSpan.FromHours(1);

    public static Command Create(Verbs verbs)
    {
        var user = new Option<string?>("--user", "-u") { Description = "Who comes with it.", HelpName = "name" };
        var secret = new Option<string?>("--secret")
        {
            Description = "The secret of the server's HS256 key; better in SIGNALBOX_SECRET, or in a file.",
            HelpName = "secret",
        };
        var file = new Option<string?>("--secret-file") { Description = "A file that holds nothing but the secret.", HelpName = "file" };
        var key = new Option<string?>("--key-id") { Description = "The id of the server's key.", HelpName = "id" };
        var life = Durations.Option("--life", "How long it is good for. [1h]");
        var id = new Option<string?>("--id") { Description = "Its own id, by which it can be revoked.", HelpName = "id" };
        var issuer = new Option<string?>("--issuer") { Description = "Who issued it.", HelpName = "name" };
        var audience = new Option<string?>("--audience") { Description = "Whom it is for.", HelpName = "name" };
        var rights = new Option<string?>("--rights")
        {
            Description = "What it grants, as the JSON of the claim 'signalbox'.", HelpName = "json",
        };
        var publish = Filters("--publish", "A channel or filter to publish to.");
        var subscribe = Filters("--subscribe", "A channel or filter to subscribe to.");
        var admin = new Option<bool>("--admin") { Description = "Grant everything." };

        Symbol[] symbols = [user, secret, file, key, life, id, issuer, audience, rights, publish, subscribe, admin];
        return verbs.Of("token", "Make a token to try things out with.", symbols, async run =>
        {
            var secretBytes = await SecretAsync(run, run.Value(secret), run.Value(file)).ConfigureAwait(false);
            var now = run.Clock.GetUtcNow();
            var claims = Json(json =>
            {
                Text(json, "sub", run.Value(user));
                Text(json, "jti", run.Value(id));
                Text(json, "iss", run.Value(issuer));
                Text(json, "aud", run.Value(audience));
                json.WriteNumber("iat", now.ToUnixTimeSeconds());
                json.WriteNumber("exp", (now + (run.Value(life) ?? StandardLife)).ToUnixTimeSeconds());
                WriteRights(json, run.Value(rights), run.Value(publish), run.Value(subscribe), run.Value(admin));
            });
            var header = Json(json =>
            {
                json.WriteString("alg", "HS256");
                json.WriteString("typ", "JWT");
                Text(json, "kid", run.Value(key));
            });
            var token = Signed(header, claims, secretBytes);
            run.Printer.Print(json => json.WriteString("token", token), () => token);
            return ExitCode.Done;
        });
    }

    private static Option<string[]> Filters(string name, string description) =>
        new(name) { Description = description + " May come more than once.", HelpName = "filter" };

    private static async Task<byte[]> SecretAsync(Run run, string? secret, string? file)
    {
        try
        {
            if (secret is not null && file is not null) throw Wrong("Give either --secret or --secret-file.");

            var text = file is null
                ? secret ?? run.Terminal.Environment(SecretVariable)
                : (await File.ReadAllTextAsync(file, run.Ending).ConfigureAwait(false)).TrimEnd('\r', '\n');
            if (string.IsNullOrEmpty(text)) throw Wrong($"There is no secret: set {SecretVariable}, or give --secret-file.");

            var bytes = Encoding.UTF8.GetBytes(text);
            return bytes.Length >= MinSecretBytes
                ? bytes
                : throw Wrong($"The secret is too short: it has {MinSecretBytes} bytes or more.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.WrongUsage, $"The secret's file cannot be read: {e.Message}", e);
        }
    }

    private static void WriteRights(Utf8JsonWriter json, string? rights, string[]? publish, string[]? subscribe, bool isAdmin)
    {
        var isListed = publish is { Length: > 0 } || subscribe is { Length: > 0 } || isAdmin;
        if (rights is not null && isListed) throw Wrong("Give either --rights or --publish, --subscribe and --admin.");

        json.WritePropertyName("signalbox");
        if (rights is not null)
        {
            WriteGiven(json, rights);
            return;
        }

        json.WriteStartObject();
        List(json, "publish", publish);
        List(json, "subscribe", subscribe);
        if (isAdmin) json.WriteBoolean("admin", true);
        json.WriteEndObject();
    }

    private static void WriteGiven(Utf8JsonWriter json, string rights)
    {
        try
        {
            using var document = JsonDocument.Parse(rights);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException();
            document.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            throw Wrong("--rights is no JSON object; use for example '{\"publish\":[\"chat/#\"]}'.");
        }
    }

    private static void List(Utf8JsonWriter json, string name, string[]? texts)
    {
        if (texts is not { Length: > 0 }) return;

        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static string Signed(byte[] header, byte[] claims, byte[] secret)
    {
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed)))}";
    }

    private static CommandFailedException Wrong(string sentence) => new(ExitCode.WrongUsage, sentence);
}
