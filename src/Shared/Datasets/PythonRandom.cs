namespace ReidCloud.Datasets;

/// <summary>
/// Python's generator as `random.seed(n)` and `random.choice` use it, by which galleries of SYSU-MM01 are drawn: MT19937 keyed by the seed, and a number below n from as many of the
/// upper bits of a word as n has, drawn again while too large. Check: ten choices among 20 with seed 0 are 12 13 1 8 16 15 12 9 15 11.
/// </summary>
public sealed class PythonRandom(uint seed)
{
    private const int BitsOfAWord = 32;
    private readonly MersenneTwister _twister = MersenneTwister.Keyed(seed);

    /// <summary>One of <paramref name="count"/>, from 0 on.</summary>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var bits = BitsOfAWord - int.LeadingZeroCount(count);
        while (true)
        {
            if ((_twister.Next() >> (BitsOfAWord - bits)) is var drawn && drawn < count)
            {
                return (int)drawn;
            }
        }
    }
}
