using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Convolution = ReidCloud.GpuRunner.Models.Convolution;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>What bfloat16 changes, and what it leaves in float32. The CPU computes in it as a GPU does, only slowly.</summary>
public sealed class PrecisionTests : TorchTests
{
    /// <summary>But for the deeper ones, which have more of the same blocks.</summary>
    public static TheoryData<BackboneName> Backbones =>
        [.. Enum.GetValues<BackboneName>().Except([BackboneName.ResNet34, BackboneName.ResNet101, BackboneName.ResNet101Bam, BackboneName.ResNet101IbnA])];

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Every_backbone_learns_in_bfloat16_nearly_as_in_float32_and_stays_float32_itself(BackboneName backbone)
    {
        using var scope = NewDisposeScope();
        var spec = TrainingCases.Spec(0) with { Model = new ModelSpec(backbone), Method = new SupervisedSpec(1), Precision = Precision.Bfloat16, Epochs = 3, Schedule = new ConstantSpec() };
        using var context = new MemoryContext();
        using var method = TrainingCases.Method(spec);

        // DenseNet halves them five times, and the small ones normalise by so few places else that rounding shows.
        using var batches = new NoiseBatches(1, 1) { Height = backbone is BackboneName.DenseNet121 or BackboneName.MobileNet || backbone.IsOsNet() ? 64 : 32 };
        using var batch = batches.Load(0, 0);
        method.BeginTraining();
        var wide = method.Losses(batch, 0, 0).Total.item<float>();

        var narrow = TrainingCases.Trainer(spec, method, batches, context).Run(null, TrainingCases.NoMetrics).Losses.Select(epoch => epoch.Losses["total"]).ToList();

        Assert.Equal(wide, narrow[0], 0.2 * wide);
        Assert.NotEqual(wide, narrow[0]);
        Assert.Equal(3, narrow.Distinct().Count());
        Assert.All(
            method.Result.State(),
            entry => Assert.Equal(entry.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? ScalarType.Int64 : ScalarType.Float32, entry.Value.dtype));
    }

    [Fact]
    public void Only_the_backbone_and_only_in_training_is_in_bfloat16()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = ReidModel.Of(new ModelSpec(BackboneName.OsNetX025) { Pooling = PoolingName.GeneralizedMean, Neck = NeckName.None, Local = new(8), FinalRelu = true }, 3);
        WeightInit.Draw(model, 1, "test");
        var images = randn([4, 2, 3, 64, 32]);
        model.eval();
        var exact = model.call(images);

        model.Precision = Precision.Bfloat16;
        var measured = model.call(images);
        model.train();
        var learned = model.call(images);

        Assert.True(exact.Embedding_BD.Equals(measured.Embedding_BD));
        Assert.True(exact.Local_BHC!.Equals(measured.Local_BHC!));
        Assert.All((Tensor[])[learned.Embedding_BD, learned.Logits_BK, learned.Feature_ND, learned.Neck_ND, learned.Local_BHC!], value => Assert.Equal(ScalarType.Float32, value.dtype));
    }

    /// <summary>What autocast does: weights rounded for the product, their gradient as wide as they are.</summary>
    [Fact]
    public void A_convolution_rounds_its_weights_to_its_input_and_takes_their_gradient_in_float32()
    {
        using var scope = NewDisposeScope();
        using var convolution = new Convolution(4, 6, size: 3, stride: 2, biased: true);
        var input = randn([2, 4, 9, 7]).bfloat16();

        var output = convolution.call(input);
        output.@float().sum().backward();

        var expected = nn.functional.conv2d(input, convolution.Weight.bfloat16(), convolution.Bias!.bfloat16(), [2, 2], [1, 1]);
        Assert.Equal(ScalarType.BFloat16, output.dtype);
        Assert.True(output.@float().Equals(expected.@float()));
        Assert.All(convolution.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.grad!.dtype));
    }

    [Fact]
    public void A_rectifier_with_a_limit_is_the_same_in_both()
    {
        using var scope = NewDisposeScope();
        using var rectifier = new Relu6();
        var input = arange(-4, 12, 0.5).@float();
        var (wide, narrow) = (input.alias().requires_grad_(), input.bfloat16().requires_grad_());

        var (of, ofNarrow) = (rectifier.call(wide * 1), rectifier.call(narrow * 1));
        of.sum().backward();
        ofNarrow.@float().sum().backward();

        Assert.True(of.Equals(ofNarrow.@float()));
        var isLimit = input.eq(0).logical_or(input.eq(6));
        Assert.True(wide.grad!.masked_fill(isLimit, 0).Equals(narrow.grad!.@float().masked_fill(isLimit, 0)));
    }
}
