using System.Numerics;
using System.Runtime.InteropServices;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Features of whole images, compared by products in single precision, which are most of an evaluation's time. They are not copied: what a product takes is made of them block by block,
/// so only one thread at a time compares them.
/// Cosine: 1 − x·y of unit vectors. Euclidean: √(|x|² + |y|² − 2xy) as seen from near the gallery's mean, where little cancels out; and where two are so near that much does, by the
/// differences of their numbers in double precision.
/// </summary>
internal sealed class GlobalFeatures : IDisposable
{
    /// <summary>Numbers of a block: 16 MB.</summary>
    private const int NumbersAtOnce = 1 << 22;

    /// <summary>Of the square of a feature's length. Nearer than that, |x|² + |y|² − 2xy has lost the fifth digit.</summary>
    private const float NearSquare = 1 / 16f;

    private readonly DistanceMetric _metric;
    private readonly Tensor _exact_ND;
    private readonly Tensor _feature_ND;
    private readonly double[]? _lengths;
    private readonly Tensor? _length_N1;
    private readonly FeatureBlock _asked = new();
    private readonly FeatureBlock _searched = new();
    private Tensor? _origin_D;
    private float[] _squares = [];

    /// <param name="embedding_ND">Is read as long as this lives, and not disposed.</param>
    public GlobalFeatures(Tensor embedding_ND, FeatureDistance distance)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _metric = distance.Metric;
        Count = (int)embedding_ND.shape[0];
        _exact_ND = embedding_ND.cpu().contiguous().DetachFromDisposeScope();
        _feature_ND = _exact_ND.to(distance.Device ?? embedding_ND.device).DetachFromDisposeScope();
        if (distance.IsUnit)
        {
            _lengths = new double[Count];
            foreach (var (first, count) in Blocks(0))
            {
                using var block = NewDisposeScope();
                var length_N = _feature_ND.narrow(0, first, count).to(float64).square().sum([1]).sqrt();
                length_N = _metric == DistanceMetric.Cosine ? length_N.clamp_min(Distances.SmallestLength) : length_N + Distances.LengthFloor;
                length_N.cpu().data<double>().CopyTo(_lengths.AsSpan(first, count));
            }

            _length_N1 = tensor(_lengths, [Count, 1], device: _feature_ND.device).to(_metric == DistanceMetric.Cosine ? float32 : float64).DetachFromDisposeScope();
        }
    }

    public int Count { get; }

    private int RowsAtOnce => (int)Math.Max(1, NumbersAtOnce / Math.Max(1, _feature_ND.shape[1]));

    /// <summary>Distances of some of these to the others from one of them on, row by row.</summary>
    /// <param name="into">Has room for them at its beginning.</param>
    public void To(int first, int count, GlobalFeatures others, int from, float[] into)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var origin_D = _metric == DistanceMetric.Euclidean ? others.Origin() : null;
        var (query_QD, width) = (Prepared(_asked, first, count, origin_D), others.Count - from);
        var squares = _metric == DistanceMetric.Euclidean ? SquaresOf(query_QD, first, others) : [];
        var into_QG = from_array(into).narrow(0, 0, (long)count * width).view(count, width);
        var product_QG = _feature_ND.is_cpu() ? into_QG : empty([count, width], device: _feature_ND.device);
        foreach (var (begin, some) in others.Blocks(from))
        {
            using var block = NewDisposeScope();
            product_QG.narrow(1, begin - from, some).addmm_(query_QD, others.Prepared(others._searched, begin, some, origin_D).t(), beta: 0, alpha: _metric == DistanceMetric.Cosine ? -1 : -2);
        }

        if (!_feature_ND.is_cpu())
        {
            into_QG.copy_(product_QG);
        }

        Parallel.For(0, count, row =>
        {
            var distances_G = into.AsSpan(row * width, width);
            if (_metric == DistanceMetric.Cosine)
            {
                AddOne(distances_G);
            }
            else
            {
                TakeRoots(distances_G, first + row, squares[row], others, from);
            }
        });
    }

    /// <summary>The distance of one of these to one of the others, from all of their numbers in double precision.</summary>
    public float To(int item, GlobalFeatures others, int other)
    {
        using var mine = _exact_ND.narrow(0, item, 1);
        using var theirs = others._exact_ND.narrow(0, other, 1);
        var x = MemoryMarshal.Cast<byte, float>(mine.bytes);
        var y = MemoryMarshal.Cast<byte, float>(theirs.bytes);
        var (scale, otherScale) = (1 / (_lengths?[item] ?? 1), 1 / (others._lengths?[other] ?? 1));
        return _metric switch
        {
            DistanceMetric.Cosine => (float)(1 - (PairSums.Products(x, y) * scale * otherScale)),
            DistanceMetric.Euclidean => (float)Math.Sqrt(PairSums.SquaredDifferences(x, scale, y, otherScale)),
        };
    }

    public void Dispose()
    {
        _exact_ND.Dispose();
        _feature_ND.Dispose();
        _length_N1?.Dispose();
        _origin_D?.Dispose();
        _asked.Dispose();
        _searched.Dispose();
    }

    private static void AddOne(Span<float> products)
    {
        var at = 0;
        for (; at <= products.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            (Vector<float>.One + new Vector<float>(products[at..])).CopyTo(products[at..]);
        }

        for (; at < products.Length; at++)
        {
            products[at] += 1;
        }
    }

    /// <param name="products">−2xy of one feature with the others from one of them on; become distances.</param>
    private void TakeRoots(Span<float> products, int item, float square, GlobalFeatures others, int from)
    {
        ref var product = ref MemoryMarshal.GetReference(products);
        ref var theirs = ref MemoryMarshal.GetReference(others._squares.AsSpan(from));
        var (mine, near, at) = (new Vector<float>(square), square * NearSquare, 0);
        for (; at <= products.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            var squared = Vector.Max(Vector<float>.Zero, Vector.LoadUnsafe(ref product, (nuint)at) + (mine + Vector.LoadUnsafe(ref theirs, (nuint)at)));
            Vector.SquareRoot(squared).StoreUnsafe(ref product, (nuint)at);
            if (Vector.LessThanAny(squared, new Vector<float>(near)))
            {
                for (var lane = 0; lane < Vector<float>.Count; lane++)
                {
                    products[at + lane] = squared[lane] < near ? To(item, others, from + at + lane) : products[at + lane];
                }
            }
        }

        for (; at < products.Length; at++)
        {
            var squared = Math.Max(0, products[at] + (square + others._squares[from + at]));
            products[at] = squared < near ? To(item, others, from + at) : MathF.Sqrt(squared);
        }
    }

    /// <summary>Of a product's rows.</summary>
    private float[] SquaresOf(Tensor query_QD, int first, GlobalFeatures others)
    {
        var (squares, count) = (new float[query_QD.shape[0]], (int)query_QD.shape[0]);
        if (ReferenceEquals(this, others))
        {
            return _squares[first..(first + count)];
        }

        for (int begin = 0, some; begin < count; begin += some)
        {
            using var block = NewDisposeScope();
            some = Math.Min(RowsAtOnce, count - begin);
            others._searched.Squares(query_QD.narrow(0, begin, some)).CopyTo(squares, begin);
        }

        return squares;
    }

    /// <summary>A place near the mean, and as seen from there the squares of all lengths.</summary>
    private Tensor Origin()
    {
        if (_origin_D is not null)
        {
            return _origin_D;
        }

        using var scope = NewDisposeScope();
        var sum_D = zeros([_feature_ND.shape[1]], dtype: float64, device: _feature_ND.device);
        foreach (var (first, count) in Blocks(0))
        {
            using var block = NewDisposeScope();
            sum_D.add_(_length_N1 is null
                ? _feature_ND.narrow(0, first, count).sum([0])
                : (_feature_ND.narrow(0, first, count).to(float64) / _length_N1.narrow(0, first, count)).sum([0]));
        }

        var type = _length_N1 is null ? float32 : float64;
        var mean_D = sum_D / Math.Max(1, Count);
        var origin_D = Rounded(mean_D, Deviation(mean_D.to(type))).to(type);
        _squares = new float[Count];
        foreach (var (first, count) in Blocks(0))
        {
            using var block = NewDisposeScope();
            _searched.Squares(Prepared(_asked, first, count, origin_D)).CopyTo(_squares, first);
        }

        return _origin_D = origin_D.DetachFromDisposeScope();
    }

    /// <summary>To a power of two not larger than the numbers' deviation: features of few digits keep them, so that what is equally far stays so.</summary>
    private static Tensor Rounded(Tensor mean_D, double deviation)
    {
        var step = Math.ScaleB(1, Math.ILogB(deviation));
        return deviation > 0 ? (mean_D / step).round() * step : mean_D;
    }

    /// <summary>Of the numbers of the first block from their mean.</summary>
    private double Deviation(Tensor mean_D)
    {
        var first_ND = Prepared(_searched, 0, Math.Min(RowsAtOnce, Count), mean_D);
        return Count == 0 ? 0 : first_ND.mul_(first_ND).mean().sqrt().item<float>();
    }

    /// <summary>What a product takes, of some of these.</summary>
    private Tensor Prepared(FeatureBlock block, int first, int count, Tensor? origin_D) =>
        block.Of(_feature_ND.narrow(0, first, count), _length_N1?.narrow(0, first, count), origin_D);

    private IEnumerable<(int First, int Count)> Blocks(int from)
    {
        for (var first = from; first < Count; first += RowsAtOnce)
        {
            yield return (first, Math.Min(RowsAtOnce, Count - first));
        }
    }
}
