using ReidCloud.GpuRunner.Models.Backbones;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Models;

/// <summary>Every backbone by its name. A name without a line here does not compile.</summary>
internal static class BackboneRegistry
{
    public static Backbone Create(ModelSpec spec) => spec.Backbone switch
    {
        BackboneName.ResNet18 => new ResNet(ResNet.R18, spec),
        BackboneName.ResNet34 => new ResNet(ResNet.R34, spec),
        BackboneName.ResNet50 => new ResNet(ResNet.R50, spec),
        BackboneName.ResNet101 => new ResNet(ResNet.R101, spec),
        BackboneName.ResNet50Bam => new ResNet(ResNet.R50Bam, spec),
        BackboneName.ResNet101Bam => new ResNet(ResNet.R101Bam, spec),
        BackboneName.DenseNet121 => new DenseNet(spec),
        BackboneName.MobileNet => new MobileNet(spec),
    };
}
