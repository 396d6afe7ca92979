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
        BackboneName.ResNet50IbnA => new ResNet(ResNet.R50IbnA, spec),
        BackboneName.ResNet101IbnA => new ResNet(ResNet.R101IbnA, spec),
        BackboneName.OsNetX100 => new OsNet(OsNet.X100, spec),
        BackboneName.OsNetX075 => new OsNet(OsNet.X075, spec),
        BackboneName.OsNetX050 => new OsNet(OsNet.X050, spec),
        BackboneName.OsNetX025 => new OsNet(OsNet.X025, spec),
    };
}
