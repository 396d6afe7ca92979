using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Weights;

/// <summary>What files of whole networks list, without their bytes.</summary>
internal static class NetworkFiles
{
    /// <summary>A checkpoint of VKD's programs.</summary>
    public static WeightsFile Reference(BackboneName backbone, int identities = 625) => File(
        NetworkEntries.Of(backbone).Select(entry => (entry.Name, entry.Shape.Select(size => size == NetworkEntry.Identities ? identities : size).ToArray())));

    /// <summary>torchvision's ImageNet weights, with their classifier of a thousand classes.</summary>
    public static WeightsFile Torchvision(BackboneName backbone, bool counters = true) => File(
    [
        .. NetworkEntries.Of(backbone).Where(entry => entry.Torchvision is not null && (counters || !entry.IsCounter)).Select(entry => (entry.Torchvision!, entry.Shape)),
        ("fc.weight", [1000, 2048]),
        ("fc.bias", [1000]),
    ]);

    public static WeightsFile File(IEnumerable<(string Name, long[] Shape)> tensors) => new(
        WeightsFormat.PytorchZip,
        [.. tensors.Select(tensor => new StoredTensor(
            tensor.Name,
            tensor.Shape.Length == 0 ? TensorType.Int64 : TensorType.Float32,
            tensor.Shape,
            StoredTensor.RowMajor(tensor.Shape),
            0,
            tensor.Shape.Aggregate(1L, (product, size) => product * size) * (tensor.Shape.Length == 0 ? 8 : 4)))],
        []);

    public static WeightsFile Renamed(this WeightsFile file, Func<string, string?> rename) => file with
    {
        Tensors = [.. file.Tensors.Where(tensor => rename(tensor.Name) is not null).Select(tensor => tensor with { Name = rename(tensor.Name)! })],
    };
}
