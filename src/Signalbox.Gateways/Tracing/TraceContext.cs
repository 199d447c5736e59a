using System.Diagnostics;
using Signalbox.Core.Payloads;

namespace Signalbox.Gateways.Tracing;

/// <summary>Where in a trace something belongs, as its headers say it. One that is not valid is none.</summary>
internal sealed record TraceContext(string TraceParent, string? TraceState, ActivityContext Parent)
{
    private const string ParentName = "traceparent";
    private const string StateName = "tracestate";

    // As long as the specification wants it passed on at the least.
    private const int MaxStateLength = 512;

    public static TraceContext Of(Activity span) => new(span.Id!, span.TraceStateString, span.Context); // It has started.

    public static bool TryRead(Headers headers, out TraceContext? context)
    {
        context = null;
        return !headers.IsEmpty && TryParse(Find(headers, ParentName), Find(headers, StateName), out context);
    }

    public static bool TryParse(string? parent, string? state, out TraceContext? context)
    {
        context = null;
        if (state is { Length: > MaxStateLength or 0 }) state = null;
        if (parent is null || !ActivityContext.TryParse(parent, state, isRemote: true, out var parsed)) return false;

        context = new TraceContext(parent, state, parsed);
        return true;
    }

    /// <summary>These headers, with this context in the place of any other.</summary>
    public Headers Into(Headers headers)
    {
        var kept = headers.Entries.Where(entry => !Is(entry.Key, ParentName) && !Is(entry.Key, StateName));
        var own = new List<KeyValuePair<string, string>> { new(ParentName, TraceParent) };
        if (TraceState is not null) own.Add(new(StateName, TraceState));
        return new Headers([.. kept, .. own], headers.Quality);
    }

    private static string? Find(Headers headers, string name)
    {
        foreach (var entry in headers.Entries)
        {
            if (Is(entry.Key, name)) return entry.Value;
        }

        return null;
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
