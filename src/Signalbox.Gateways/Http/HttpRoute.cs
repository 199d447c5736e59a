using Signalbox.Protocol.Commands;

namespace Signalbox.Gateways.Http;

/// <summary>What a route does, and so what its answer is made of.</summary>
internal enum RouteKind
{
    /// <summary>Commands in the body, answered with their replies.</summary>
    Commands,

    /// <summary>One command made of the request, answered with its reply.</summary>
    Reply,

    /// <summary>The same, answered with the value itself, whose version is its entity tag.</summary>
    Value,

    /// <summary>The same for what changes a value under a condition.</summary>
    Change,

    /// <summary>The same, and nothing where there is no item.</summary>
    Item,

    /// <summary>Events for as long as the reader stays: described here, served by <c>Sse/</c>.</summary>
    Stream,
    Page,
    Description,
    Metrics,
    Live,
    Ready,
}

/// <summary>One method of one address: what the router, the description and the front page read.</summary>
/// <param name="Path">As the description says it; <c>{name}</c> may have slashes in it.</param>
/// <param name="Statuses">What it answers, beside 500 and what comes of a request that is none.</param>
internal sealed record HttpRoute(string Method, string Path, RouteKind Kind, string Summary, params int[] Statuses)
{
    /// <summary>The command that the request is made into.</summary>
    public CommandName Command { get; init; }

    public QueryField[] Query { get; init; } = [];

    /// <summary>Whether the body is the command's value, as it is.</summary>
    public bool TakesValue { get; init; }

    public bool HasName { get; } = Path.Contains('{', StringComparison.Ordinal);

    /// <summary>What stands before the name.</summary>
    public string Root { get; } = Path.Split("/{")[0];

    /// <summary>What stands behind the name, with its slash; empty for most.</summary>
    public string Verb { get; } = Path.Split('}') is [_, var verb] ? verb : "";
}
