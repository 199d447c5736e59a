namespace Signalbox.Cli.Output;

/// <summary>Aligned columns under a head. One whose name begins with <c>&gt;</c> is aligned to the right.</summary>
/// <remarks>Rows come out by the hundred, each hundred at least as wide as those before: a long list is neither held
/// as a whole nor printed line by line.</remarks>
internal sealed class Table
{
    private const int RowsAtOnce = 100;

    private readonly Printer _printer;
    private readonly bool[] _isRight;
    private readonly int[] _widths;
    private readonly List<string[]> _rows = [];
    private readonly string[] _head;
    private bool _isHeadPrinted;

    public Table(Printer printer, params string[] columns)
    {
        _printer = printer;
        _isRight = [.. columns.Select(column => column.StartsWith('>'))];
        _head = [.. columns.Select(column => column.TrimStart('>'))];
        _widths = [.. _head.Select(column => column.Length)];
    }

    public void Add(params string[] cells)
    {
        _rows.Add([.. cells.Select(Line.Of)]);
        if (_rows.Count >= RowsAtOnce) Flush();
    }

    public void Flush()
    {
        if (_rows.Count == 0) return;

        for (var i = 0; i < _widths.Length; i++) _widths[i] = Math.Max(_widths[i], _rows.Max(row => row[i].Length));
        if (!_isHeadPrinted) Print(_head);
        _isHeadPrinted = true;
        foreach (var row in _rows) Print(row);
        _rows.Clear();
    }

    private void Print(string[] row) => _printer.Text(string.Join("  ", row.Select(Padded)).TrimEnd());

    private string Padded(string cell, int column) =>
        _isRight[column] ? cell.PadLeft(_widths[column]) : cell.PadRight(_widths[column]);
}
