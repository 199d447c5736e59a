using Microsoft.AspNetCore.Http;

namespace Signalbox.Gateways.Http;

/// <summary>Tells browsers what of our answers a page from elsewhere may read (CORS), where it may.</summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    public static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (context.Request.Headers.Origin is not { Count: > 0 } origin) return;

        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = "ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset";
        headers.Vary = "Origin";
    }

    /// <summary>Answers a browser that asks before it sends, and whoever else asks what can be done here.</summary>
    public static void WriteOptions(HttpContext context, string methods)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.Allow = methods;
        if (context.Request.Headers.AccessControlRequestMethod.Count == 0) return;

        response.Headers.AccessControlAllowMethods = methods;
        response.Headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        response.Headers.AccessControlMaxAge = $"{PreflightAge.TotalSeconds}";
    }
}
