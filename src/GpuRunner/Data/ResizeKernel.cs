using System.Collections.Concurrent;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Which source positions make up each target position of one axis, and with what weight, as Pillow computes them
/// (src/libImaging/Resample.c, precompute_coeffs): the filter is stretched by the scale when shrinking, weights are normalized in double
/// precision and then rounded to 22 fractional bits.
/// </summary>
internal sealed class ResizeKernel
{
    public const int FractionBits = 22;
    private const int CacheEntries = 1024;
    private const int CachedWeights = 1 << 16;

    private static readonly ConcurrentDictionary<(int From, int To, ResizeFilter Filter), ResizeKernel> Cache = new();
    private readonly int[] starts;
    private readonly int[] weights;
    private readonly int[] counts;
    private readonly int stride;

    private ResizeKernel(int from, int to, ResizeFilter filter)
    {
        var (radius, weigh) = Filter(filter);
        var scale = (double)from / to;
        var stretch = Math.Max(scale, 1);
        var support = radius * stretch;
        stride = ((int)Math.Ceiling(support) * 2) + 1;
        starts = new int[to];
        counts = new int[to];
        weights = new int[to * stride];
        var exact = new double[stride];
        for (var target = 0; target < to; target++)
        {
            var center = (target + 0.5) * scale;
            var first = Math.Max((int)(center - support + 0.5), 0);
            var count = Math.Min((int)(center + support + 0.5), from) - first;
            var sum = 0.0;
            for (var i = 0; i < count; i++)
            {
                exact[i] = weigh((i + first - center + 0.5) * (1 / stretch));
                sum += exact[i];
            }

            for (var i = 0; i < count; i++)
            {
                var weight = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << FractionBits);
                weights[(target * stride) + i] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            }

            (starts[target], counts[target]) = (first, count);
        }
    }

    /// <summary>The same few sizes come again and again, so kernels are kept; huge ones, and ever new sizes, are not.</summary>
    public static ResizeKernel For(int from, int to, ResizeFilter filter)
    {
        if (Cache.TryGetValue((from, to, filter), out var kernel))
        {
            return kernel;
        }

        kernel = new ResizeKernel(from, to, filter);
        if (kernel.weights.Length <= CachedWeights)
        {
            if (Cache.Count >= CacheEntries)
            {
                Cache.Clear();
            }

            Cache.TryAdd((from, to, filter), kernel);
        }

        return kernel;
    }

    public int Start(int target) => starts[target];

    public ReadOnlySpan<int> Weights(int target) => weights.AsSpan(target * stride, counts[target]);

    private static (double Radius, Func<double, double> Weigh) Filter(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Bilinear => (1, x => Math.Abs(x) < 1 ? 1 - Math.Abs(x) : 0),
        ResizeFilter.Bicubic => (2, Bicubic),
        ResizeFilter.Lanczos => (3, x => Math.Abs(x) < 3 ? Sinc(x) * Sinc(x / 3) : 0),
        ResizeFilter.OpenCvBilinear => throw new ArgumentOutOfRangeException(nameof(filter), filter, "is not Pillow's"),
    };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    /// <summary>Keys' cubic with a = -0.5.</summary>
    private static double Bicubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
            : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * A
            : 0;
    }
}
