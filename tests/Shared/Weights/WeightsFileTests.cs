using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Weights;

/// <summary>Files that PyTorch wrote (Files/README.md), read tensor by tensor.</summary>
public sealed class WeightsFileTests
{
    private static readonly Dictionary<string, (TensorType Type, long[] Shape, double[] Numbers)> Mixed = new()
    {
        ["float64"] = (TensorType.Float64, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["float32"] = (TensorType.Float32, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["float16"] = (TensorType.Float16, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["bfloat16"] = (TensorType.BFloat16, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["int64"] = (TensorType.Int64, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["int32"] = (TensorType.Int32, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["int16"] = (TensorType.Int16, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["int8"] = (TensorType.Int8, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["uint8"] = (TensorType.UInt8, [2, 3], [0, 1, 2, 3, 4, 5]),
        ["bool"] = (TensorType.Bool, [3], [1, 0, 1]),
        ["scalar"] = (TensorType.Int64, [], [7]),
        ["empty"] = (TensorType.Float32, [0, 3], []),
        ["turned"] = (TensorType.Float32, [6, 4], [.. Enumerable.Range(0, 24).Select(i => (double)((i % 4 * 6) + (i / 4)))]),
        ["inside"] = (TensorType.Float32, [2, 3], [8, 9, 10, 14, 15, 16]),
        ["parameter"] = (TensorType.Float32, [2], [1.5, 1.5]),
    };

    public static string PathOf(string file) => Path.Combine(RepositoryRoot.Path, "tests", "Shared", "Weights", "Files", file);

    /// <summary>A file that is kept packed, because it is a whole network.</summary>
    public static MemoryStream Unpacked(string file)
    {
        using var packed = new GZipStream(File.OpenRead(PathOf($"{file}.gz")), CompressionMode.Decompress);
        var content = new MemoryStream();
        packed.CopyTo(content);
        return content;
    }

    [Theory]
    [InlineData("mixed.zip.pth", WeightsFormat.PytorchZip)]
    [InlineData("mixed.legacy.pth", WeightsFormat.PytorchLegacy)]
    [InlineData("mixed-protocol4.zip.pth", WeightsFormat.PytorchZip)]
    [InlineData("mixed-protocol4.legacy.pth", WeightsFormat.PytorchLegacy)]
    [InlineData("mixed-parameters-0.3.legacy.pth", WeightsFormat.PytorchLegacy)]
    [InlineData("mixed.tar.pth", WeightsFormat.PytorchTar)]
    public void Every_type_shape_and_stride_that_PyTorch_saves_is_read_to_the_number(string file, WeightsFormat format)
    {
        using var stream = File.OpenRead(PathOf(file));

        var weights = WeightsFile.Read(stream, file);

        Assert.Equal(format, weights.Format);
        Assert.Empty(weights.Notes);
        Assert.Equal(Mixed.Keys, weights.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in weights.Tensors)
        {
            var (type, shape, numbers) = Mixed[tensor.Name];
            Assert.Equal(type, tensor.Type);
            Assert.Equal(shape, tensor.Shape);
            Assert.Equal(numbers, NumbersOf(stream, tensor));
        }
    }

    [Theory]
    [InlineData("wrapped.zip.pth")]
    [InlineData("wrapped.legacy.pth")]
    public void A_training_programs_checkpoint_is_taken_apart_and_what_was_left_is_told(string file)
    {
        using var stream = File.OpenRead(PathOf(file));

        var weights = WeightsFile.Read(stream, file);

        Assert.Equal(
            ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"],
            weights.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(1, Assert.Single(TensorBytes.ReadIntegers(stream, weights.Tensors[^1])));
        Assert.Equal(
            [
                "taken from 'state_dict'; beside it and not used: epoch, optimizer, scheduler, best, big, names, device, size and 1 more",
                "'module.' was taken off every name",
            ],
            weights.Notes);
    }

    /// <summary>AlignedReID's ckpt.pth, as PyTorch 0.3 saves it: networks, then optimizers, in a list; what they stand on follows (its spec §9).</summary>
    [Theory]
    [InlineData(1, "taken from 'state_dicts[0]'; beside it and not used: ep, scores")]
    [InlineData(2, "taken from 'state_dicts[0]', the first of 2 networks; beside it and not used: ep, scores")]
    public void Of_networks_in_a_list_the_first_is_taken(int networks, string note)
    {
        var pickle = new PickleBytes().Add("}(").Text("state_dicts").Add("](");
        for (var network = 0; network < networks; network++)
        {
            pickle.Global("collections", "OrderedDict").Add(")R(").Text($"base.{network}").Tensor([4], [1]).Add("u");
        }

        for (var optimizer = 0; optimizer < networks; optimizer++)
        {
            pickle.Add("}(").Text("state").Add("}(").Number(140_112).Add("}(").Text("exp_avg").Tensor([4], [1]).Add("uu").Text("param_groups").Add("]u");
        }

        var bytes = pickle.Add("e").Text("ep").Number(300).Text("scores").Number(0).Add("u").Done();

        foreach (var file in (byte[][])[PickleBytes.Legacy(bytes), PickleBytes.Zip(bytes)])
        {
            var weights = WeightsFile.Read(new MemoryStream(file), "ckpt.pth");

            Assert.Equal("base.0", Assert.Single(weights.Tensors).Name);
            Assert.Equal(note, Assert.Single(weights.Notes));
        }
    }

    [Theory]
    [InlineData("whole-network.zip.pth", "whole-network.zip.pth, whole-network.zip/data.pkl, byte 2: the file asks for torch.nn.modules.container.Sequential,")]
    [InlineData("one-tensor.zip.pth", "it holds one tensor without a name")]
    [InlineData("torchscript.pth", "is a TorchScript program")]
    public void What_is_no_list_of_tensors_is_refused_with_the_remedy(string file, string why)
    {
        using var stream = File.OpenRead(PathOf(file));

        var fault = Assert.Throws<WeightsException>(() => WeightsFile.Read(stream, file));

        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.Contains("torch.save(model.state_dict()", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_are_refused_by_what_they_are()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "pickle") { DataStream = new MemoryStream(new byte[100]) });
        }

        Assert.Contains("is a tar without 'tensors', which torch.save did not write", Refusal(tar.ToArray()), StringComparison.Ordinal);
        Assert.Contains("0 bytes", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("neither safetensors nor", Refusal("<html>Not found</html>"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("where torch.save writes one", Refusal(HandmadeZip.Write([new ZipPart("readme.txt", [1])])), StringComparison.Ordinal);
    }

    [Fact]
    public void Safetensors_are_found_and_a_runs_checkpoint_is_told_apart()
    {
        var file = Safetensors("""{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}""", 16);

        var weights = WeightsFile.Read(new MemoryStream(file), "w");

        Assert.Equal(WeightsFormat.Safetensors, weights.Format);
        Assert.Equal([("a", file.Length - 16L, 8L), ("b", file.Length - 8L, 8L)], weights.Tensors.Select(tensor => (tensor.Name, tensor.Offset, tensor.Length)));
        Assert.Contains("Name the run itself", Refusal(Safetensors("""{"__metadata__":{"format":"reidcloud-checkpoint-1"}}""", 0)), StringComparison.Ordinal);
        Assert.Contains("holds 0 tensors", Refusal(Safetensors("{}", 0)), StringComparison.Ordinal);
        Assert.Contains("plain characters", Refusal(Safetensors("""{"a\n":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", 1)), StringComparison.Ordinal);
        Assert.Contains("truncated", Refusal(file[..^1]), StringComparison.Ordinal);
    }

    /// <summary>torchvision's ResNet-50 has a header of 28,800 bytes: 0x7080, which begins as a pickle does. 0x4B50 begins as a zip does.</summary>
    [Theory]
    [InlineData(0x80)]
    [InlineData(0x0280)]
    [InlineData(28_800)]
    [InlineData(0x4B50)]
    [InlineData(0x014B50)]
    public void Safetensors_are_told_by_their_brace_whatever_the_headers_length_begins_with(int length)
    {
        var header = """{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""".PadRight(length);

        var weights = WeightsFile.Read(new MemoryStream(Safetensors(header, 8)), "w");

        Assert.Equal(WeightsFormat.Safetensors, weights.Format);
        Assert.Equal(8 + length, Assert.Single(weights.Tensors).Offset);
        Assert.Contains("truncated", Refusal(Safetensors(header, 8)[..^1]), StringComparison.Ordinal);
        Assert.Contains($"the header is said to have {length} bytes", Refusal(Safetensors(header, 0)[..100]), StringComparison.Ordinal);
    }

    /// <summary>From far away every step back fetches megabytes again, and training programs name storages in another order than they lie.</summary>
    [Fact]
    public void Storages_of_a_zip_are_looked_for_front_to_back_in_whatever_order_they_are_named()
    {
        int[] storages = [.. Enumerable.Range(0, 20)];
        var pickle = storages.Reverse().Aggregate(new PickleBytes().Add("}"), (dict, key) => dict.Text($"w{key}").Tensor([4], [1], key: $"{key}").Add("s")).Done();
        using var file = new CountedReads(new MemoryStream(HandmadeZip.Write([new ZipPart("a/data.pkl", pickle), .. storages.Select(key => new ZipPart($"a/data/{key}", PickleBytes.Floats))])));

        var weights = WeightsFile.Read(file, "w.pth");

        Assert.Equal(storages.Reverse().Select(key => $"w{key}"), weights.Tensors.Select(tensor => tensor.Name));
        var places = file.Places[^storages.Length..];
        Assert.Equal(places.Order(), places);
        Assert.All(weights.Tensors, tensor => Assert.Equal([1, 2, 3, 4], TensorBytes.ReadFloats(file, tensor)));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_no_weights()
    {
        var file = Safetensors("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        BitConverter.GetBytes(float.NaN).CopyTo(file, file.Length - 4);
        var tensor = WeightsFile.Read(new MemoryStream(file), "w").Tensors[0];

        var fault = Assert.Throws<WeightsException>(() => TensorBytes.ReadFloats(new MemoryStream(file), tensor));

        Assert.Contains("'a' holds NaN at place 1", fault.Message, StringComparison.Ordinal);
    }

    internal static byte[] Safetensors(string header, int data) =>
        [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. new byte[data]];

    private static string Refusal(byte[] file) => Assert.Throws<WeightsException>(() => WeightsFile.Read(new MemoryStream(file), "w.pth")).Message;

    private static double[] NumbersOf(Stream file, StoredTensor tensor)
    {
        var bytes = TensorBytes.Read(file, tensor);
        return tensor.Type switch
        {
            TensorType.Int64 or TensorType.Int32 => [.. TensorBytes.ReadIntegers(file, tensor).Select(value => (double)value)],
            TensorType.Int16 => [.. Enumerable.Range(0, bytes.Length / 2).Select(i => (double)BitConverter.ToInt16(bytes, i * 2))],
            TensorType.Int8 or TensorType.UInt8 or TensorType.Bool => [.. bytes.Select(value => (double)value)],
            _ => [.. TensorBytes.ReadFloats(file, tensor).Select(value => (double)value)],
        };
    }
}
