using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// What <see cref="Augmentations"/> does to one frame on the CPU, done to a whole batch at once by tensor operations, where the batch is: the same float32 numbers, bit for bit. One look-up picks the
/// frames, crops and mirrors them.
/// </summary>
internal sealed class DeviceAugmentations(InputSpec input, AugmentationSpec spec, Device device) : IDisposable
{
    private readonly Tensor _whole = Constant(device, 255);
    private readonly Tensor _mean_C = Constant(device, input.Mean.Red, input.Mean.Green, input.Mean.Blue);
    private readonly Tensor _grey_C = Constant(device, Grey.Red, Grey.Green, Grey.Blue);
    private readonly Tensor _deviation_C = Constant(device, input.Deviation.Red, input.Deviation.Green, input.Deviation.Blue);

    /// <summary>What was drawn for each frame as numbers, int64 on the CPU. The caller disposes it.</summary>
    public Tensor Numbers(IReadOnlyList<Augmentation> drawn)
    {
        long[] numbers = [.. drawn.SelectMany(one => (long[])
            [one.Top - spec.Padding, one.Left - spec.Padding, one.Mirror ? 1 : 0, one.Erased.Top, one.Erased.Left, one.Erased.Height, one.Erased.Width, one.Grey ? 1 : 0])];
        return tensor(numbers, [drawn.Count, numbers.Length / drawn.Count]);
    }

    /// <summary>N changed and normalised frames with the channels last in memory, as a GPU takes them. The caller disposes them.</summary>
    /// <param name="frames_MHWC">Interleaved bytes at the size of the input.</param>
    /// <param name="places_N">Which of them, int64.</param>
    /// <param name="drawn_NP"><see cref="Numbers"/> of each.</param>
    public Tensor Apply(Tensor frames_MHWC, Tensor places_N, Tensor drawn_NP)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (height, width) = ((long)input.Height, (long)input.Width);
        var (row_H, column_W) = (arange(height, device: device), arange(width, device: device));
        var mirrored_NW = column_W + (Drawn(2) * ((width - 1) - (column_W * 2)));
        var (sourceRow_NH, sourceColumn_NW) = (row_H + Drawn(0), mirrored_NW + Drawn(1));
        var first_NH = ((places_N.unsqueeze(1) * height) + Within(sourceRow_NH, height)) * width;
        var pixel_NHW = first_NH.unsqueeze(2) + Within(sourceColumn_NW, width).unsqueeze(1);
        var isPadding_NHW = Both(IsIn(sourceRow_NH, 0, height), IsIn(sourceColumn_NW, 0, width)).logical_not();
        var isErased_NHW = Both(IsIn(row_H, Drawn(3), Drawn(5)), IsIn(column_W, Drawn(4), Drawn(6)));
        var seen_NHWC = frames_MHWC.view(-1, Normalization.Channels).index_select(0, pixel_NHW.flatten()).view(places_N.shape[0], height, width, Normalization.Channels);
        seen_NHWC.masked_fill_(isPadding_NHW.unsqueeze(3), 0);
        var levels_NHWC = WithoutColor(seen_NHWC.to(ScalarType.Float32), Drawn(7));
        var images_NHWC = levels_NHWC.div_(_whole).sub_(_mean_C).div_(_deviation_C).masked_fill_(isErased_NHW.unsqueeze(3), 0);
        return images_NHWC.permute(0, 3, 1, 2).MoveToOuterDisposeScope();

        // As a column, so that it is there for every place of a frame.
        Tensor Drawn(int number) => drawn_NP.narrow(1, number, 1);
    }

    public void Dispose()
    {
        _whole.Dispose();
        _mean_C.Dispose();
        _deviation_C.Dispose();
        _grey_C.Dispose();
    }

    /// <summary>Whole numbers below 2^24 all along, so that float32 has them exactly, in any order of the sum.</summary>
    private Tensor WithoutColor(Tensor levels_NHWC, Tensor isGrey_N1) => spec.GreyProbability == 0
        ? levels_NHWC
        : where(isGrey_N1.eq(1).view(-1, 1, 1, 1), (((levels_NHWC * _grey_C).sum(3, keepdim: true) + Grey.Half) / Grey.Whole).floor(), levels_NHWC);

    private static Tensor Within(Tensor place, long size) => place.clamp_min(0).clamp_max(size - 1);

    private static Tensor IsIn(Tensor place, long first, long size) => place.ge(first).logical_and(place.lt(first + size));

    private static Tensor IsIn(Tensor place, Tensor first, Tensor size) => place.ge(first).logical_and(place.lt(first + size));

    private static Tensor Both(Tensor rows_NH, Tensor columns_NW) => rows_NH.unsqueeze(2).logical_and(columns_NW.unsqueeze(1));

    /// <summary>A tensor and no number: by a number a GPU divides by multiplying with its inverse, which rounds twice.</summary>
    private static Tensor Constant(Device device, params double[] values)
    {
        using var here = tensor(Array.ConvertAll(values, value => (float)value));
        return here.to(device).DetachFromDisposeScope();
    }
}
