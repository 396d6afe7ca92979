namespace ReidCloud.Specs;

/// <summary>The names under which presets expect ImageNet's weights, and the files of torchvision 0.4 that VKD took them from.</summary>
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
    };

    /// <summary>`imagenet-resnet50`.</summary>
    public static string NameFor(BackboneName backbone) => $"{Prefix}{NameConverterFactory.NameOf(backbone)}";

    /// <summary>How to push weights of that name.</summary>
    public static string Remedy(string name)
    {
        foreach (var (backbone, file) in Files.Where(known => NameFor(known.Key) == name))
        {
            return $"fetch torchvision's {file}, then: reid weights push {file} --name {name} --backbone {NameConverterFactory.NameOf(backbone)}";
        }

        return $"push them first: reid weights push FILE --name {name}";
    }
}
