namespace Signalbox.Client.Tests.Fakes;

/// <summary>What comes out of a sequence, one element after the other.</summary>
internal sealed class Reading<T>(IAsyncEnumerable<T> source) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<T> _elements = source.GetAsyncEnumerator();

    public async Task<T> NextAsync()
    {
        Assert.True(await MoveNextAsync(), "The sequence has ended.");
        return _elements.Current;
    }

    /// <returns>The task of an element that may not be there yet.</returns>
    public Task<bool> MoveNextAsync() => _elements.MoveNextAsync().AsTask().Soon("the next element");

    public ValueTask DisposeAsync() => _elements.DisposeAsync();
}
