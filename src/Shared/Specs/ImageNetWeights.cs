namespace ReidCloud.Specs;

/// <summary>The names under which presets expect ImageNet's weights, and the files that have them: of torchvision 0.4, as VKD took them, of IBN-Net and of torchreid.</summary>
public static class ImageNetWeights
{
    private const string Prefix = "imagenet-";

    private static readonly Dictionary<BackboneName, string> Files = new()
    {
        [BackboneName.ResNet18] = "resnet18-5c106cde.pth",
        [BackboneName.ResNet34] = "resnet34-333f7ec4.pth",
        [BackboneName.ResNet50] = "resnet50-19c8e357.pth",
        [BackboneName.ResNet101] = "resnet101-5d3b4d8f.pth",
        [BackboneName.DenseNet121] = "densenet121-a639ec97.pth",
        [BackboneName.MobileNet] = "mobilenet_v2-b0353104.pth",
        [BackboneName.ResNet50IbnA] = "resnet50_ibn_a-d9d0bb7b.pth",
        [BackboneName.ResNet101IbnA] = "resnet101_ibn_a-59ea0ac6.pth",
        [BackboneName.OsNetX100] = "osnet_x1_0_imagenet.pth",
        [BackboneName.OsNetX075] = "osnet_x0_75_imagenet.pth",
        [BackboneName.OsNetX050] = "osnet_x0_5_imagenet.pth",
        [BackboneName.OsNetX025] = "osnet_x0_25_imagenet.pth",
    };

    /// <summary>`imagenet-resnet50`.</summary>
    public static string NameFor(BackboneName backbone) => $"{Prefix}{NameConverterFactory.NameOf(backbone)}";

    /// <summary>How to push weights of that name.</summary>
    public static string Remedy(string name)
    {
        foreach (var (backbone, file) in Files.Where(known => NameFor(known.Key) == name))
        {
            return $"fetch {Publisher(backbone)}'s {file}, then: reid weights push {file} --name {name} --backbone {NameConverterFactory.NameOf(backbone)}";
        }

        return $"push them first: reid weights push FILE --name {name}";
    }

    private static string Publisher(BackboneName backbone) => backbone.IsIbn() ? "IBN-Net" : backbone.IsOsNet() ? "torchreid" : "torchvision";
}
