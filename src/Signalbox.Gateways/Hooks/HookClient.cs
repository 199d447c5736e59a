using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Signalbox.Gateways.Hooks;

/// <summary>Sends requests to the backend, signed where there is a secret, and reads what it says within bounds.</summary>
/// <remarks>
/// The signature is of the moment and the body, so that neither can be taken from one request for another:
/// <code>
///  Signalbox-Signature: t=UNIX SECONDS,v1=HEX(HMAC-SHA256(secret, "t.body"))
/// </code>
/// Neither the addresses nor the secret nor what is sent is ever logged.
/// </remarks>
public sealed partial class HookClient : IDisposable
{
    public const string SignatureHeader = "Signalbox-Signature";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _client;
    private readonly HookOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<HookClient> _logger;
    private readonly byte[]? _secret;
    private int _isDown;

    public HookClient(HookOptions options, TimeProvider clock, ILogger<HookClient> logger)
    {
        _options = options;
        _clock = clock;
        _logger = logger;
        _secret = options.ReadSecret() is { } secret ? Encoding.UTF8.GetBytes(secret) : null;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A name may come to mean another machine.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ActivityHeadersPropagator = null,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <returns>What it answered with 200, or nothing with 204; null where it did not, or not in time, or too much.</returns>
    public async Task<ReadOnlyMemory<byte>?> PostAsync(string hook, string url, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = RequestOf(url, body);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NoContent))
            {
                Failed(hook, $"it answered {(int)response.StatusCode}");
                return null;
            }

            var answer = await ReadAsync(response, either.Token);
            if (answer is null) Failed(hook, $"it answered more than {_options.MaxAnswerBytes} bytes");
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(hook, "it did not answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Failed(hook, e.Message);
        }

        return null;
    }

    /// <summary>It answered, and that was understood.</summary>
    public void Succeeded(string hook)
    {
        if (Interlocked.Exchange(ref _isDown, 0) == 1) LogUp(hook);
    }

    /// <summary>It did not answer, or what it said was not understood.</summary>
    public void Failed(string hook, string why)
    {
        // Once until it answers again: a backend that is down is asked all the time.
        if (Interlocked.Exchange(ref _isDown, 1) == 0) LogDown(hook, why);
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage RequestOf(string url, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        if (_secret is null) return request;

        var time = _clock.GetUtcNow().ToUnixTimeSeconds();
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{time}."), .. body.Span];
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(_secret, signed));
        request.Headers.TryAddWithoutValidation(SignatureHeader, $"t={time},v1={signature}");
        return request;
    }

    // What is announced is not believed, and nothing beyond the bound is read.
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = new ArrayBufferWriter<byte>();
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (await content.ReadAsync(answer.GetMemory(4096), cancellationToken) is > 0 and var count)
        {
            answer.Advance(count);
            if (answer.WrittenCount > _options.MaxAnswerBytes) return null;
        }

        return answer.WrittenMemory;
    }

    [LoggerMessage(2401, LogLevel.Warning, "The backend did not do what the hook {Hook} wants of it: {Why}")]
    private partial void LogDown(string hook, string why);

    [LoggerMessage(2402, LogLevel.Information, "The backend answers again, beginning with the hook {Hook}")]
    private partial void LogUp(string hook);
}
