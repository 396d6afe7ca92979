namespace ReidCloud.Datasets;

/// <summary>
/// NumPy's first generator, which splits of the field were drawn with: MT19937 seeded by one number, and numbers below a bound by masking and drawing again. After
/// numpy/random/src/mt19937 and legacy-distributions of 1.17, which draw as 1.11 did. Check: shuffling 0..9 with seed 1 gives 2 9 6 4 0 3 1 7 8 5.
/// </summary>
public sealed class NumpyRandom(uint seed)
{
    private readonly MersenneTwister _twister = new(seed);

    /// <summary>As numpy.random.shuffle does: from the end.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = (int)UpTo((uint)i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <summary>From 0 to <paramref name="most"/>, both possible.</summary>
    public uint UpTo(uint most)
    {
        if (most == 0)
        {
            return 0;
        }

        var mask = uint.MaxValue >> int.CreateChecked(uint.LeadingZeroCount(most));
        while (true)
        {
            if ((_twister.Next() & mask) is var drawn && drawn <= most)
            {
                return drawn;
            }
        }
    }
}
