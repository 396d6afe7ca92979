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

    private static MemoryStream Written(string ending, Stream source, WeightsEntry[] entries)
    {
        var file = new MemoryStream();
        StateDictFile.Write(ending, file, source, entries);
        return file;
    }
}
