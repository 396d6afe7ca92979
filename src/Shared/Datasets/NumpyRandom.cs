namespace ReidCloud.Datasets;

/// <summary>
/// NumPy's first generator, which splits of the field were drawn with: MT19937 seeded by one number, and numbers below a bound by masking and drawing again. After
/// numpy/random/src/mt19937 and legacy-distributions of 1.17, which draw as 1.11 did. Check: shuffling 0..9 with seed 1 gives 2 9 6 4 0 3 1 7 8 5.
/// </summary>
public sealed class NumpyRandom
{
    private const int Words = 624;
    private const int Middle = 397;
    private const uint Twist = 0x9908B0DF;
    private readonly uint[] _state = new uint[Words];
    private int _next = Words;

    public NumpyRandom(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Words; i++)
        {
            _state[i] = (1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
        }
    }

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
            if ((Next() & mask) is var drawn && drawn <= most)
            {
                return drawn;
            }
        }
    }

    private uint Next()
    {
        if (_next == Words)
        {
            Refill();
        }

        var word = _state[_next++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C5680;
        word ^= (word << 15) & 0xEFC60000;
        return word ^ (word >> 18);
    }

    private void Refill()
    {
        for (var i = 0; i < Words; i++)
        {
            var both = (_state[i] & 0x80000000) | (_state[(i + 1) % Words] & 0x7FFFFFFF);
            _state[i] = _state[(i + Middle) % Words] ^ (both >> 1) ^ ((both & 1) == 0 ? 0 : Twist);
        }

        _next = 0;
    }
}
