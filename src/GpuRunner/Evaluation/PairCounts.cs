using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// How many pairs of query and gallery item of the same identity, and of different ones, are nearer than a distance: exactly, and in memory that does not grow with the pairs.
/// All pairs are shown twice. The first time they are counted by the upper half of their distance's bits; the second time, those whose upper half holds a threshold by
/// the lower half.
/// </summary>
internal sealed class PairCounts
{
    private const int HalfBits = 16;
    private const int Halves = 1 << HalfBits;

    private readonly Histogram _upper = new();
    private readonly Dictionary<int, Histogram> _lower = [];

    public long Equal => _upper.Equal.Sum();

    public long Different => _upper.Different.Sum();

    /// <summary>The first time.</summary>
    public void Add(float distance, bool isEqual) => _upper.Add((int)(Sortable(distance) >> HalfBits), isEqual);

    /// <summary>Between the first time and the second: where the distances lie that are asked for.</summary>
    public void Look(IEnumerable<double> falsePositiveRates)
    {
        foreach (var rate in falsePositiveRates)
        {
            _lower.TryAdd(BinOf(Allowed(rate)).Bin, new Histogram());
        }
    }

    /// <summary>As <see cref="Look(IEnumerable{double})"/>.</summary>
    public void Look(float distance) => _lower.TryAdd((int)(Sortable(distance) >> HalfBits), new Histogram());

    /// <summary>The second time.</summary>
    public void AddAgain(float distance, bool isEqual)
    {
        var key = Sortable(distance);
        if (_lower.TryGetValue((int)(key >> HalfBits), out var histogram))
        {
            histogram.Add((int)(key & (Halves - 1)), isEqual);
        }
    }

    /// <summary>
    /// The most equal pairs that can be told while at most that fraction of the different pairs is taken for equal: those nearer than the different pair that would be one too many.
    /// </summary>
    public RocPoint At(double falsePositiveRate)
    {
        var (bin, differentBelow) = BinOf(Allowed(falsePositiveRate));
        var (lower, left) = (0, Allowed(falsePositiveRate) - differentBelow);
        while (left >= _lower[bin].Different[lower])
        {
            left -= _lower[bin].Different[lower++];
        }

        return new RocPoint(falsePositiveRate, (double)NearerThan(bin, lower).Equal / Equal);
    }

    /// <summary>Pairs that are nearer.</summary>
    public (long Equal, long Different) NearerThan(float distance)
    {
        var key = Sortable(distance);
        return NearerThan((int)(key >> HalfBits), (int)(key & (Halves - 1)));
    }

    private (long Equal, long Different) NearerThan(int bin, int lower) => (
        _upper.Equal.Take(bin).Sum() + _lower[bin].Equal.Take(lower).Sum(), _upper.Different.Take(bin).Sum() + _lower[bin].Different.Take(lower).Sum());

    /// <summary>How many different pairs may be taken for equal; decimal, so that 0.29 of 100 is 29.</summary>
    private long Allowed(double rate) => (long)Math.Floor((decimal)rate * Different);

    /// <summary>Where the different pair of that place lies, counted from 0 and the nearest first, and how many lie in the bins before.</summary>
    private (int Bin, long Before) BinOf(long place)
    {
        var (bin, before) = (0, 0L);
        while (before + _upper.Different[bin] <= place)
        {
            before += _upper.Different[bin++];
        }

        return (bin, before);
    }

    /// <summary>Bits in the order of the distances; adding 0 leaves no negative zero.</summary>
    private static uint Sortable(float distance)
    {
        var bits = BitConverter.SingleToUInt32Bits(distance + 0f);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    private sealed class Histogram
    {
        public long[] Equal { get; } = new long[Halves];

        public long[] Different { get; } = new long[Halves];

        public void Add(int bin, bool isEqual) => (isEqual ? Equal : Different)[bin]++;
    }
}
