namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Sparse rows by column: which rows count an item among their own, and how much.</summary>
internal sealed class NeighborColumns
{
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly float[] _weights;

    public NeighborColumns(ReadOnlySpan<NeighborWeights> rows, int columns)
    {
        _starts = new int[columns + 1];
        foreach (var row in rows)
        {
            foreach (var item in row.Items)
            {
                _starts[item + 1]++;
            }
        }

        for (var item = 0; item < columns; item++)
        {
            _starts[item + 1] += _starts[item];
        }

        var next = _starts.ToArray();
        (_rows, _weights) = (new int[_starts[^1]], new float[_starts[^1]]);
        for (var row = 0; row < rows.Length; row++)
        {
            foreach (var (i, item) in rows[row].Items.Index())
            {
                var at = next[item]++;
                (_rows[at], _weights[at]) = (row, rows[row].Weights[i]);
            }
        }
    }

    /// <summary>Adds to each row what it shares with another: the sum over items of the smaller weight.</summary>
    public void AddShared(NeighborWeights other, Span<float> shared)
    {
        for (var i = 0; i < other.Items.Length; i++)
        {
            var (item, weight) = (other.Items[i], other.Weights[i]);
            var rows = _rows.AsSpan(_starts[item].._starts[item + 1]);
            var weights = _weights.AsSpan(_starts[item], rows.Length);
            for (var at = 0; at < rows.Length; at++)
            {
                shared[rows[at]] += Math.Min(weights[at], weight);
            }
        }
    }
}
