using System.Text;

namespace ReidCloud.Tests.Golden;

/// <summary>The deterministic weights of Cases/README.md: what a parameter or buffer is filled with, from its name alone.</summary>
public static class GoldenFill
{
    public static IReadOnlyDictionary<string, GoldenTensor> Run(GoldenCase given) =>
        given.Params.GetProperty("entries").EnumerateArray().Select((entry, index) =>
        {
            var shape = entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            var values = Values(entry.GetProperty("name").GetString()!, entry.GetProperty("kind").GetString()!, shape);
            return (Name: index.ToString(), Tensor: GoldenTensor.Of(values, shape));
        }).ToDictionary(output => output.Name, output => output.Tensor);

    /// <summary>u(name, k) in [0, 1).</summary>
    public static double U(string name, long k) => (SplitMix64(((ulong)Crc32(name) << 32) + (ulong)k) >> 40) / (double)(1 << 24);

    /// <summary>s(name, k) in [-1, 1).</summary>
    public static double S(string name, long k) => 2 * U(name, k) - 1;

    /// <summary>s(name, 0), s(name, 1), …</summary>
    public static IEnumerable<double> Signs(string name)
    {
        var seed = (ulong)Crc32(name) << 32;
        for (var k = 0UL; ; k++)
        {
            yield return (2 * ((SplitMix64(seed + k) >> 40) / (double)(1 << 24))) - 1;
        }
    }

    public static float[] Values(string name, string kind, long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        Into(values, name, kind, shape);
        return values;
    }

    /// <summary>The same where it is to be.</summary>
    public static void Into(Span<float> values, string name, string kind, long[] shape)
    {
        var bound = Math.Sqrt(3.0 / Math.Max(1, shape.Skip(1).Aggregate(1L, (product, size) => product * size)));
        Func<double, double> value = kind switch
        {
            "conv.weight" or "linear.weight" => u => (2 * u - 1) * bound,
            "conv.bias" or "linear.bias" or "bn.bias" or "bn.running_mean" => u => 0.1 * (2 * u - 1),
            "bn.weight" or "bn.running_var" => u => 0.5 + u,
            "bn.num_batches_tracked" => _ => 0,
            _ => throw new NotSupportedException($"the fill knows no entries of kind '{kind}' ({name})"),
        };
        var seed = (ulong)Crc32(name) << 32;
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = (float)value((SplitMix64(seed + (ulong)k) >> 40) / (double)(1 << 24));
        }
    }

    /// <summary>The sum of numbers times <see cref="Signs"/>, and the length of their vector.</summary>
    public static (double Dot, double Norm) Along<T>(string name, ReadOnlySpan<T> values)
        where T : struct, System.Numerics.INumber<T>
    {
        var seed = (ulong)Crc32(name) << 32;
        var (dot, squares) = (0.0, 0.0);
        for (var k = 0; k < values.Length; k++)
        {
            var value = double.CreateChecked(values[k]);
            dot += value * ((2 * ((SplitMix64(seed + (ulong)k) >> 40) / (double)(1 << 24))) - 1);
            squares += value * value;
        }

        return (dot, Math.Sqrt(squares));
    }

    /// <summary>The zlib CRC-32, bit by bit: names are short.</summary>
    private static uint Crc32(string name)
    {
        var crc = uint.MaxValue;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    private static ulong SplitMix64(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
