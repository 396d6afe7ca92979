namespace ReidCloud.Datasets;

/// <summary>MT19937 (Matsumoto and Nishimura 1998), which NumPy's first generator and Python's are made of. They differ in how it is seeded and in how its words become numbers.</summary>
internal sealed class MersenneTwister
{
    private const int Words = 624;
    private const int Middle = 397;
    private const uint Twist = 0x9908B0DF;
    private const uint KeyedStart = 19650218;
    private readonly uint[] _state = new uint[Words];
    private int _next = Words;

    /// <summary>Seeded by one number: init_genrand.</summary>
    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Words; i++)
        {
            _state[i] = (1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
        }
    }

    /// <summary>Seeded by the key of this one word: init_by_array.</summary>
    public static MersenneTwister Keyed(uint key)
    {
        var twister = new MersenneTwister(KeyedStart);
        var state = twister._state;
        var at = 1;
        for (var step = 0; step < Words; step++)
        {
            state[at] = (state[at] ^ ((state[at - 1] ^ (state[at - 1] >> 30)) * 1664525u)) + key;
            at = After(state, at);
        }

        for (var step = 0; step < Words - 1; step++)
        {
            state[at] = (state[at] ^ ((state[at - 1] ^ (state[at - 1] >> 30)) * 1566083941u)) - (uint)at;
            at = After(state, at);
        }

        state[0] = 0x80000000;
        return twister;
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
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

    /// <summary>The next place; behind the last the first takes over what is in the last.</summary>
    private static int After(uint[] state, int at)
    {
        if (at + 1 < Words)
        {
            return at + 1;
        }

        state[0] = state[Words - 1];
        return 1;
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
