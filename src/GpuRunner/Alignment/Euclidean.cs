using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Alignment;

/// <summary>
/// √max(1e-12, |x|² + |y|² − 2xy) of all rows, which is 1e-6 from a row to itself: AlignedReID's distance in training (its spec §2). In double precision inside,
/// because the product form loses the digits of near rows, and the form with differences takes the memory of all of them.
/// </summary>
internal static class Euclidean
{
    private const double SquareFloor = 1e-12;

    /// <summary>Differentiable but where the floor holds. Axes before the last two are batches.</summary>
    public static Tensor Between(Tensor x, Tensor y)
    {
        var (wideX, wideY) = (x.to(float64), y.to(float64));
        var squares = wideX.square().sum([-1], keepdim: true) + wideY.square().sum([-1], keepdim: true).transpose(-2, -1);
        return (squares - (2 * wideX.matmul(wideY.transpose(-2, -1)))).clamp_min(SquareFloor).sqrt().to_type(x.dtype);
    }
}
