using System.Text;
using System.Text.Json.Nodes;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Weights;

/// <summary>What files of whole networks list, without their bytes.</summary>
internal static class NetworkFiles
{
    /// <summary>A checkpoint of VKD's programs.</summary>
    public static WeightsFile Reference(BackboneName backbone, int identities = 625) => Own(new ModelSpec(backbone), identities);

    /// <summary>Every entry under our name.</summary>
    public static WeightsFile Own(ModelSpec model, int identities = 625) => Of(model, identities, NetworkEntries.Of(model).ToDictionary(entry => entry.Name, entry => entry.Name));

    /// <summary>A checkpoint of the program that computes such a network.</summary>
    public static WeightsFile Public(ModelSpec model, int identities = 625) => Of(model, identities, PublicNames.Of(model));

    /// <summary>The ImageNet weights of torchvision, IBN-Net or torchreid, with their classifier of a thousand classes.</summary>
    public static WeightsFile Torchvision(BackboneName backbone, bool counters = true) => File(
    [
        .. NetworkEntries.Of(new ModelSpec(backbone)).Where(entry => entry.Public is not null && (counters || !entry.IsCounter)).Select(entry => (entry.Public!, entry.Shape)),
        ($"{ClassifierOf(backbone)}.weight", [1000, backbone.IsOsNet() ? 512 : 2048]),
        ($"{ClassifierOf(backbone)}.bias", [1000]),
    ]);

    public static string ClassifierOf(BackboneName backbone) => backbone.IsOsNet() ? "classifier" : "fc";

    private static WeightsFile Of(ModelSpec model, int identities, IReadOnlyDictionary<string, string> names) => File(
        NetworkEntries.Of(model).Select(entry => (names[entry.Name], entry.Shape.Select(size => size == NetworkEntry.Identities ? identities : size).ToArray())));

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

    /// <summary>The file as safetensors, its numbers all the same: floats, and zero for whole numbers.</summary>
    public static byte[] Bytes(this WeightsFile file, float number = 0.01f)
    {
        var header = new JsonObject();
        var end = 0L;
        foreach (var tensor in file.Tensors)
        {
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = tensor.Type.Name(),
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(end, end += tensor.Length),
            };
        }

        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        var bytes = new byte[8 + text.Length + end];
        BitConverter.TryWriteBytes(bytes, (ulong)text.Length);
        text.CopyTo(bytes, 8);
        var data = bytes.AsSpan(8 + text.Length);
        foreach (var tensor in file.Tensors)
        {
            if (tensor.Type == TensorType.Float32)
            {
                for (var at = 0; at < tensor.Length; at += 4)
                {
                    BitConverter.TryWriteBytes(data[at..], number);
                }
            }

            data = data[(int)tensor.Length..];
        }

        return bytes;
    }

    public static WeightsFile Renamed(this WeightsFile file, Func<string, string?> rename) => file with
    {
        Tensors = [.. file.Tensors.Where(tensor => rename(tensor.Name) is not null).Select(tensor => tensor with { Name = rename(tensor.Name)! })],
    };
}
