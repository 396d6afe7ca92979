using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Explanation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Explanation;

public sealed class ExplainerTests : TorchTests
{
    private static readonly InputSpec Input = new(64, 64);

    [Fact]
    public void Draws_the_maps_of_the_frames_that_were_asked_for()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(lastStride: 1);
        using var frames = Frames();

        var maps = new Explainer(model, Input, frames, CPU).Explain([2, 0]);

        var planes = new float[2 * 3 * 64 * 64];
        new Normalization(Input).Apply(frames.Get(2), planes.AsSpan(0, planes.Length / 2));
        new Normalization(Input).Apply(frames.Get(0), planes.AsSpan(planes.Length / 2));
        var map_NHW = GradCam.Map(model, tensor(planes, [2, 3, 64, 64]));
        var expected = GradCam.Enlarge(map_NHW * 4, 64, 64);
        Assert.True(tensor(maps[0].Values, [64, 64]).allclose(expected[0], atol: 1e-5));
        Assert.True(tensor(maps[1].Values, [64, 64]).allclose(expected[1], atol: 1e-5));
        Assert.All(maps, map => Assert.False(map.IsEmpty));
    }

    /// <summary>One network at two resolutions: its maps may differ, the level that they are drawn at may not.</summary>
    [Fact]
    public void Maps_of_other_resolutions_have_the_same_level()
    {
        using var scope = NewDisposeScope();
        using var fine = Drawn(lastStride: 1);
        using var coarse = Drawn(lastStride: 2);
        using var frames = Frames();

        var ratio = Level(fine) / Level(coarse);

        Assert.InRange(ratio, 0.7, 1.4);

        double Level(ReidModel model) => new Explainer(model, Input, frames, CPU).Explain([0, 1, 2]).Average(map => map.Values.Average());
    }

    /// <summary>Grey, green, and noise.</summary>
    private static MemoryFrameCache Frames() => new(3, frame => frame switch
    {
        0 => [.. Enumerable.Repeat((byte)100, 3 * 64 * 64)],
        1 => [.. Enumerable.Repeat<byte[]>([20, 200, 60], 64 * 64).SelectMany(pixel => pixel)],
        _ => [.. Enumerable.Range(0, 3 * 64 * 64).Select(value => (byte)(value * 7919 % 251))],
    });

    private static ReidModel Drawn(int lastStride)
    {
        var model = ReidModel.Of(new ModelSpec(BackboneName.ResNet18) { LastStride = lastStride }, 5);
        WeightInit.Draw(model, 1, "test");
        model.eval();
        return model;
    }
}
