using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Training;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

/// <summary>The layout of a CUDA device, forced on the CPU.</summary>
public sealed class ChannelsLastTests : TorchTests
{
    [Fact]
    public void Values_stay_and_channels_lie_side_by_side()
    {
        using var scope = NewDisposeScope();
        var images = randn([2, 3, 5, 4]);

        var last = ChannelsLast.Of(images);

        Assert.True(images.Equals(last));
        Assert.Equal([60, 1, 12, 3], last.stride());
    }

    [Theory]
    [InlineData(BackboneName.ResNet50Bam)]
    [InlineData(BackboneName.DenseNet121)]
    [InlineData(BackboneName.MobileNet)]
    [InlineData(BackboneName.OsNetX025)]
    public void A_network_says_the_same_but_for_rounding_and_its_entries_are_the_same_bytes(BackboneName backbone)
    {
        using var scope = NewDisposeScope();
        using var model = ReidModel.Of(new ModelSpec(backbone) { Local = new(8) }, 3);
        WeightInit.Draw(model, 1, "test");
        model.eval();
        var images = randn([2, 2, 3, 64, 32]);
        var (plain, bytes) = (model.call(images), ReidModelTests.Bytes(model));

        model.LayChannelsLast();
        var last = model.call(images);
        last.Embedding_BD.sum().backward();

        Assert.True(plain.Embedding_BD.allclose(last.Embedding_BD, rtol: 1e-4, atol: 1e-5));
        Assert.True(plain.Local_BHC!.allclose(last.Local_BHC!, rtol: 1e-4, atol: 1e-5));
        Assert.Equal(bytes, ReidModelTests.Bytes(model));
        using var map = model.Backbone.call(ChannelsLast.Of(images.flatten(0, 1)));
        Assert.Equal(1, map.stride()[1]);
    }

    /// <summary>As with a run that is stopped on a GPU and goes on on a CPU, and the other way round.</summary>
    [Fact]
    public void A_checkpoint_of_one_layout_goes_on_in_the_other()
    {
        var (_, straight) = Train(null, last: false, stopped: false);

        foreach (var last in (bool[])[false, true])
        {
            var (kept, _) = Train(null, last, stopped: true);
            var (_, loss) = Train(kept, !last, stopped: false);
            Assert.Equal(straight!.Value, loss!.Value, 1e-3 * straight.Value);
        }
    }

    private static (byte[] Kept, double? Loss) Train(byte[]? checkpoint, bool last, bool stopped)
    {
        var spec = TrainingCases.Spec(0) with { Optimizer = new SgdSpec(1e-3) };
        using var context = new MemoryContext { StopAfterCheckpoints = stopped ? 1 : 0 };
        using var method = TrainingCases.Method(spec);
        if (last)
        {
            method.Result.LayChannelsLast();
        }

        using var batches = new NoiseBatches(1, 2);
        using var stream = checkpoint is null ? null : new MemoryStream(checkpoint);
        var trainer = TrainingCases.Trainer(spec with { Checkpoints = new CheckpointSpec(1) }, method, batches, context);
        if (stopped)
        {
            Assert.Throws<OperationCanceledException>(() => trainer.Run(stream, TrainingCases.NoMetrics));
            return (context.Checkpoints[^1].Content, null);
        }

        var result = trainer.Run(stream, TrainingCases.NoMetrics);
        return (context.Checkpoints[^1].Content, result.Losses[^1].Losses["total"]);
    }
}
