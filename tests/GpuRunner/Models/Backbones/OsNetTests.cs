using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models.Backbones;

public sealed class OsNetTests : TorchTests
{
    [Theory]
    [InlineData(BackboneName.OsNetX100, false, true)]
    [InlineData(BackboneName.OsNetX025, true, true)]
    [InlineData(BackboneName.OsNetX025, false, false)]
    public void Is_what_torchreids_layers_compute_with_the_same_tensors(BackboneName backbone, bool training, bool finalRelu)
    {
        using var model = PublicArchitecture.Filled(new ModelSpec(backbone) { FinalRelu = finalRelu });

        PublicArchitecture.RequireSame(model, training, of => new Written(of, training, finalRelu));
    }

    [Fact]
    public void A_person_becomes_a_map_of_stride_16_and_512_numbers()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = ReidModel.Of(new ModelSpec(BackboneName.OsNetX025) { Local = new(16) }, 2);
        model.eval();

        var output = model.call(zeros(2, 3, 256, 128));

        Assert.Equal([2, 128, 16, 8], model.Backbone.call(zeros(2, 3, 256, 128)).shape);
        Assert.Equal([2, 512], output.Embedding_BD.shape);
        Assert.Equal([2, 16, 16], output.Local_BHC!.shape);
    }

    private sealed class Written(ReidModel model, bool training, bool finalRelu) : PublicArchitecture(model, training)
    {
        public override (Tensor Map, Tensor Feature) Of(Tensor images)
        {
            var x = nn.functional.max_pool2d(Unit("conv1", images, 2), 3, stride: 2, padding: 1);
            foreach (var stage in (string[])["conv2", "conv3", "conv4"])
            {
                x = Block($"{stage}.1", Block($"{stage}.0", x));
                x = Has($"{stage}.2.0.conv") ? nn.functional.avg_pool2d(Unit($"{stage}.2.0", x), 2, stride: 2) : x;
            }

            x = Unit("conv5", x);
            var v = BatchNorm("fc.1", Linear("fc.0", x.mean([2, 3])));
            return (x, finalRelu ? v.relu() : v);
        }

        private Tensor Block(string name, Tensor input)
        {
            var x = Unit($"{name}.conv1", input);
            var sum = Gated(name, Light($"{name}.conv2a", x));
            foreach (var (branch, depth) in ((string, int)[])[("b", 2), ("c", 3), ("d", 4)])
            {
                var y = x;
                for (var i = 0; i < depth; i++)
                {
                    y = Light($"{name}.conv2{branch}.{i}", y);
                }

                sum = sum + Gated(name, y);
            }

            var shortcut = Has($"{name}.downsample.conv") ? Linear1x1($"{name}.downsample", input) : input;
            return (Linear1x1($"{name}.conv3", sum) + shortcut).relu();
        }

        private Tensor Gated(string name, Tensor x) =>
            x * Convolve($"{name}.gate.fc2", Convolve($"{name}.gate.fc1", x.mean([2, 3], keepdim: true), bias: true).relu(), bias: true).sigmoid();

        private Tensor Light(string name, Tensor x) => BatchNorm($"{name}.bn", Convolve($"{name}.conv2", Convolve($"{name}.conv1", x))).relu();

        private Tensor Linear1x1(string name, Tensor x) => BatchNorm($"{name}.bn", Convolve($"{name}.conv", x));

        private Tensor Unit(string name, Tensor x, long stride = 1) => BatchNorm($"{name}.bn", Convolve($"{name}.conv", x, stride)).relu();
    }
}
