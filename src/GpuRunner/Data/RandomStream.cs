using System.Buffers.Binary;
using System.Numerics;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// A stream of random numbers that is the same on every machine and in every version: xoshiro256** (Blackman and Vigna 2018), started from
/// 256 bits. Made by <see cref="Seeding"/>; not for several threads at once.
/// </summary>
internal sealed class RandomStream
{
    private ulong _a, _b, _c, _d;
    private double? _spareGaussian;

    public RandomStream(ReadOnlySpan<byte> state)
    {
        _a = BinaryPrimitives.ReadUInt64LittleEndian(state);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]);
    }

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Each of 0 … <paramref name="count"/> − 1 equally likely, exactly (Lemire 2019).</summary>
    public int NextInt(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var high = Math.BigMul(NextUInt64(), (ulong)count, out var low);
        if (low < (ulong)count)
        {
            var threshold = (0UL - (ulong)count) % (ulong)count;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), (ulong)count, out low);
            }
        }

        return (int)high;
    }

    /// <summary>In [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>In [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double NextDouble(double from, double to) => from + ((to - from) * NextDouble());

    /// <summary>True with the given probability; 0 never, 1 always.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>Normally distributed, mean 0, deviation 1 (Marsaglia's polar method; the second of each pair is kept for the next call).</summary>
    public double NextGaussian()
    {
        if (_spareGaussian is { } spare)
        {
            _spareGaussian = null;
            return spare;
        }

        double x, y, square;
        do
        {
            x = NextDouble(-1, 1);
            y = NextDouble(-1, 1);
            square = (x * x) + (y * y);
        }
        while (square is >= 1 or 0);

        var factor = Math.Sqrt(-2 * Math.Log(square) / square);
        _spareGaussian = y * factor;
        return x * factor;
    }

    /// <summary>Every order equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The numbers 0 … <paramref name="count"/> − 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        Shuffle<int>(order);
        return order;
    }
}
