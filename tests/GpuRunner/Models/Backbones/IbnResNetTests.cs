using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models.Backbones;

public sealed class IbnResNetTests : TorchTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Is_what_IBN_Nets_layers_compute_with_the_same_tensors(bool training, int lastStride)
    {
        using var model = PublicArchitecture.Filled(new ModelSpec(BackboneName.ResNet50IbnA) { LastStride = lastStride });

        PublicArchitecture.RequireSame(model, training, of => new Written(of, training, lastStride));
    }

    private sealed class Written(ReidModel model, bool training, int lastStride) : PublicArchitecture(model, training)
    {
        public override (Tensor Map, Tensor Feature) Of(Tensor images)
        {
            var x = nn.functional.max_pool2d(BatchNorm("bn1", Convolve("conv1", images, 2)).relu(), 3, stride: 2, padding: 1);
            foreach (var (layer, blocks, stride) in ((int, int, int)[])[(1, 3, 1), (2, 4, 2), (3, 6, 2), (4, 3, lastStride)])
            {
                for (var block = 0; block < blocks; block++)
                {
                    x = Bottleneck($"layer{layer}.{block}", x, block == 0 ? stride : 1);
                }
            }

            return (x, x.mean([2, 3]));
        }

        private Tensor Bottleneck(string name, Tensor input, int stride)
        {
            var x = Mixed($"{name}.bn1", Convolve($"{name}.conv1", input)).relu();
            x = BatchNorm($"{name}.bn2", Convolve($"{name}.conv2", x, stride)).relu();
            x = BatchNorm($"{name}.bn3", Convolve($"{name}.conv3", x));
            var shortcut = Has($"{name}.downsample.0") ? BatchNorm($"{name}.downsample.1", Convolve($"{name}.downsample.0", input, stride)) : input;
            return (x + shortcut).relu();
        }

        private Tensor Mixed(string name, Tensor x)
        {
            if (!Has($"{name}.IN"))
            {
                return BatchNorm(name, x);
            }

            var halves = x.chunk(2, 1);
            return cat([InstanceNorm($"{name}.IN", halves[0]), BatchNorm($"{name}.BN", halves[1])], 1);
        }
    }
}
