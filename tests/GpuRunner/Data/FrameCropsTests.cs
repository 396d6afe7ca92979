using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class FrameCropsTests
{
    private const int Trials = 2000;

    /// <summary>The input has the size of the picture, so a whole one stays as it is.</summary>
    private static readonly InputSpec Input = new(Height: 5, Width: 4) { Filter = ResizeFilter.OpenCvBilinear };

    /// <summary>Red is the row, green the column, ten apart.</summary>
    private static readonly RgbImage Picture = new(4, 5, [.. Enumerable.Range(0, 20).SelectMany(pixel => (byte[])[(byte)(pixel / 4 * 10), (byte)(pixel % 4 * 10), 200])]);

    [Fact]
    public void A_part_begins_and_ends_anywhere_in_the_picture_the_last_place_included()
    {
        var parts = Draw(new AugmentationSpec { CropProbability = 1, CropRatio = 0.5 }, Trials).OfType<byte[]>().ToList();

        Assert.Equal(Trials, parts.Count);
        Assert.All(parts, part => Assert.Equal(60, part.Length));
        var tops = parts.Select(part => (int)part[0]).ToList();
        var bottoms = parts.Select(part => (int)part[^3]).ToList();
        Assert.Equal((0, 30), (tops.Min(), tops.Max()));
        Assert.Equal((10, 40), (bottoms.Min(), bottoms.Max()));
        Assert.Contains(parts, part => part[1] == 20 && part[^2] == 30);
        Assert.All(parts, part => Assert.Equal(200, part[2]));
    }

    /// <summary>The whole width with a part of the height, and the other way round: where the authors' code fails.</summary>
    [Fact]
    public void One_side_may_stay_almost_whole()
    {
        var flat = new RgbImage(1, 100, new byte[300]);
        var crops = new FrameCrops(new InputSpec(32, 32), new AugmentationSpec { CropProbability = 1, CropRatio = 0.5 }, _ => flat);

        Assert.All(Enumerable.Range(0, 50), trial => Assert.Equal(32 * 32 * 3, crops.Draw(0, Seeding.Stream(1, "test", trial))!.Length));
    }

    [Fact]
    public void So_many_frames_stay_whole_as_the_probability_leaves()
    {
        Assert.All(Draw(new AugmentationSpec(), 20), Assert.Null);
        Assert.InRange(Draw(new AugmentationSpec { CropProbability = 0.25, CropRatio = 0.5 }, Trials).Count(part => part is null), 0.70 * Trials, 0.80 * Trials);
    }

    private static List<byte[]?> Draw(AugmentationSpec spec, int trials) =>
        [.. Enumerable.Range(0, trials).Select(trial => new FrameCrops(Input, spec, _ => Picture).Draw(0, Seeding.Stream(1, "test", trial)))];
}
