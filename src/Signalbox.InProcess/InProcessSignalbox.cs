using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signalbox.Engine;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;

namespace Signalbox.InProcess;

/// <summary>Says to the contract what the code in the process asks for, and is a subscriber of the node for it.</summary>
public sealed partial class InProcessSignalbox : ISignalbox
{
    private const int PageSize = 1000;

    private static int _last;

    private readonly IEngine _engine;
    private readonly Node _node;
    private readonly TimeProvider _clock;
    private readonly InProcessOptions _options;
    private readonly ILogger _logger;
    private readonly string _id;
    private int _lastReader;

    /// <param name="node">Has joined the engine before anything is asked here.</param>
    public InProcessSignalbox(
        IEngine engine,
        Node node,
        TimeProvider clock,
        InProcessOptions options,
        ILogger<InProcessSignalbox>? logger = null)
    {
        _engine = engine;
        _node = node;
        _clock = clock;
        _options = options;
        _logger = logger ?? NullLogger<InProcessSignalbox>.Instance;
        _id = $"{node.Id}-{options.Name}-{Interlocked.Increment(ref _last)}";
    }

    internal IEngine Engine => _engine;

    internal Node Node => _node;

    internal TimeProvider Clock => _clock;

    internal string Name => _options.Name;

    internal string NewReaderId() => $"{_id}-{Interlocked.Increment(ref _lastReader)}";

    private static async IAsyncEnumerable<T> ListAsync<T>(
        string prefix,
        Func<ListRequest, ValueTask<Page<T>>> ask,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string? cursor = null;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await ask(new ListRequest(prefix, cursor, PageSize)).Apart();
            foreach (var entry in page.Entries) yield return entry;
            cursor = page.Next;
        }
        while (cursor is not null);
    }
}
