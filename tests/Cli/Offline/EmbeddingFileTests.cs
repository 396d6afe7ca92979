using System.Text;
using ReidCloud.Cli;
using ReidCloud.Cli.Offline;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Cli.Offline;

public sealed class EmbeddingFileTests : IDisposable
{
    private static readonly NamedEmbeddings Some = new(["a, \"b\".jpg", "ü/2.png"], 3, [1, 0.1f, -3e-20f, float.MaxValue, 0, float.Epsilon]);
    private readonly string _folder = Directory.CreateTempSubdirectory("reid-embeddings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("out.safetensors")]
    [InlineData("out.npy")]
    [InlineData("out.CSV")]
    public void What_was_written_is_read_to_the_last_bit_and_written_alike_again(string name)
    {
        var path = Path.Combine(_folder, name);
        EmbeddingFile.Write(path, Some);
        var bytes = File.ReadAllBytes(path);

        var read = EmbeddingFile.Read(path);

        Assert.Equal(Some.Names, read.Names);
        Assert.Equal(Some.Dimensions, read.Dimensions);
        Assert.Equal(Some.Values_ND.Select(BitConverter.SingleToInt32Bits), read.Values_ND.Select(BitConverter.SingleToInt32Bits));
        EmbeddingFile.Write(path, read);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_without_names_beside_them_are_called_by_their_numbers()
    {
        var path = Path.Combine(_folder, "out.npy");
        EmbeddingFile.Write(path, Some);
        File.Delete(EmbeddingFile.NamesOf(path));

        Assert.Equal(["0", "1"], EmbeddingFile.Read(path).Names);
    }

    [Theory]
    [InlineData("x.csv", "name,0,1\na,1\n", "line 2 has 2 fields where the first line names 3")]
    [InlineData("x.csv", "name,0\na,one\n", "line 2: 'one' is no number")]
    [InlineData("x.csv", "name,0\na,NaN\n", "has a number that is none, in the embedding of 'a'")]
    [InlineData("x.csv", "name,0\na,1e99\n", "has a number that is none")]
    [InlineData("x.csv", "file,0\na,1\n", "line 1 must name the columns")]
    [InlineData("x.csv", "name,0\n", "0 numbers for 0 names")]
    [InlineData("x.csv", "name,0\n\"a,1\n", "is not a table by RFC 4180")]
    [InlineData("x.npy", "no array", "does not begin as a .npy file does")]
    [InlineData("x.safetensors", "no tensors", "the header is said to have")]
    public void Foreign_files_are_refused_with_the_place_and_the_remedy(string name, string text, string complaint)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);

        var refusal = Assert.Throws<CommandException>(() => EmbeddingFile.Read(path));

        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains(complaint, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("wanted are rows of float32", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_other_rows_are_refused()
    {
        var path = Path.Combine(_folder, "out.npy");
        EmbeddingFile.Write(path, Some);
        File.WriteAllText(EmbeddingFile.NamesOf(path), "name\nonly one\n");

        Assert.Contains("one name for each of the 2 rows; it has 2 lines", Assert.Throws<CommandException>(() => EmbeddingFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Safetensors_of_another_kind_are_refused()
    {
        var path = Path.Combine(_folder, "model.safetensors");
        using (var file = File.Create(path))
        {
            SafetensorsHeader.Write(file, new Dictionary<string, string>(), [("a", TensorType.Float32, [1, 1]), ("b", TensorType.Float32, [1])]);
            file.Write(new byte[8]);
        }

        Assert.Contains("wanted is one tensor of F32 and two dimensions; there are 2", Assert.Throws<CommandException>(() => EmbeddingFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_with_an_invalid_letter_is_refused()
    {
        var path = Path.Combine(_folder, "x.csv");
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes("name,0\n"), 0xFF, .. Encoding.ASCII.GetBytes(",1\n")]);

        Assert.Throws<CommandException>(() => EmbeddingFile.Read(path));
    }
}
