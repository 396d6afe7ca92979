using System.IO.Compression;
using System.Text;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Weights;

public sealed class StateDictFileTests
{
    [Theory]
    [InlineData(".pth", WeightsFormat.PytorchZip)]
    [InlineData(".safetensors", WeightsFormat.Safetensors)]
    public void Whatever_PyTorch_saved_is_written_again_number_by_number_and_always_the_same(string ending, WeightsFormat format)
    {
        using var source = File.OpenRead(WeightsFileTests.PathOf("mixed.legacy.pth"));
        WeightsEntry[] entries = [.. WeightsFile.Read(source, "mixed").Tensors.Select(tensor => new WeightsEntry($"new.{tensor.Name}", tensor))];

        using var written = Written(ending, source, entries);
        var back = WeightsFile.Read(written, "back");

        Assert.Equal(format, back.Format);
        Assert.Equal(entries.Length, back.Tensors.Count);
        foreach (var entry in entries)
        {
            var tensor = back.Tensors.Single(tensor => tensor.Name == entry.Name);
            Assert.Equal(entry.Source.Type, tensor.Type);
            Assert.Equal(entry.Source.Shape, tensor.Shape);
            Assert.Equal(StoredTensor.RowMajor(tensor.Shape), tensor.Strides);
            Assert.Equal(TensorBytes.Read(source, entry.Source), TensorBytes.Read(written, tensor));
        }

        Assert.Equal(written.ToArray(), Written(ending, source, entries).ToArray());
    }

    /// <summary>
    /// PyTorch reads exactly these bytes with weights_only=True (1.13.1; later ones obey a superset of its opcodes and names). What changes here has to be
    /// tried there again.
    /// </summary>
    [Fact]
    public void The_pickle_for_PyTorch_is_these_bytes()
    {
        var source = new MemoryStream([.. PickleBytes.Floats, .. BitConverter.GetBytes(7L)]);
        WeightsEntry[] entries =
        [
            new("backbone.0.weight", new StoredTensor("w", TensorType.Float32, [2, 2], [1, 2], 0, 16)),
            new("backbone.1.num_batches_tracked", new StoredTensor("n", TensorType.Int64, [], [], 16, 8)),
        ];

        using var zip = new ZipArchive(Written(".pth", source, entries));

        Assert.Equal(["weights/data.pkl", "weights/byteorder", "weights/data/0", "weights/data/1", "weights/version"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        Assert.Equal("little", Encoding.ASCII.GetString(BytesOf(zip, "weights/byteorder")));
        Assert.Equal("3\n", Encoding.ASCII.GetString(BytesOf(zip, "weights/version")));
        Assert.Equal(((float[])[1, 3, 2, 4]).SelectMany(BitConverter.GetBytes), BytesOf(zip, "weights/data/0"));
        Assert.Equal(BitConverter.GetBytes(7L), BytesOf(zip, "weights/data/1"));
        Approved.Matches("StateDictPickle", string.Join('\n', BytesOf(zip, "weights/data.pkl").Chunk(16).Select(Line)));
    }

    private static string Line(byte[] bytes) =>
        $"{Convert.ToHexStringLower(bytes),-32}  {string.Concat(bytes.Select(value => value is >= 0x20 and < 0x7F ? (char)value : '.'))}";

    private static byte[] BytesOf(ZipArchive zip, string name)
    {
        using var content = zip.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static MemoryStream Written(string ending, Stream source, WeightsEntry[] entries)
    {
        var file = new MemoryStream();
        StateDictFile.Write(ending, file, source, entries);
        return file;
    }
}
