namespace Signalbox.Transport.Tests;

public sealed class ConnectionTableTests
{
    private static readonly SocketConnection Somebody =
        (SocketConnection)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(SocketConnection));

    private readonly ConnectionTable _table = new();

    [Fact]
    public void A_mark_finds_its_connection_until_it_is_removed()
    {
        var mark = _table.Add(Somebody);

        Assert.Same(Somebody, _table.Find(mark));
        _table.Remove(mark);
        Assert.Null(_table.Find(mark));
    }

    [Fact]
    public void What_the_kernel_still_says_of_a_connection_that_is_gone_reaches_nobody_else()
    {
        var gone = _table.Add(Somebody);
        _table.Remove(gone);

        var marks = Enumerable.Range(0, 1000).Select(_ => _table.Add(Somebody)).ToArray();

        Assert.DoesNotContain(gone, marks);
        Assert.Equal(1000, marks.Distinct().Count());
        Assert.Null(_table.Find(gone));
        _table.Remove(gone);
        Assert.All(marks, mark => Assert.NotNull(_table.Find(mark)));
    }
}
