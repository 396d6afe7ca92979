using System.Buffers.Binary;
using System.IO.Compression;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class MatFileTests
{
    /// <summary>start, end, identity and camera of MARS' first test rows, as MATLAB orders them: by column.</summary>
    private static readonly MatMatrix Rows = new("track_test_info", 3, 4, [1, 25, 35, 24, 34, 50, -1, -1, 1, 1, 1, 6]);

    [Theory]
    [InlineData(MatType.Int8)]
    [InlineData(MatType.Int16)]
    [InlineData(MatType.Int32)]
    [InlineData(MatType.Int64)]
    [InlineData(MatType.Single)]
    [InlineData(MatType.Double)]
    public void Reads_doubles_that_are_stored_in_a_narrower_type(MatType storage)
    {
        var matrix = Assert.Single(MatFile.Read(MatFileWriter.Write((Rows, storage)), "tracks.mat")).Value;

        Assert.Equal((Rows.Name, 3, 4), (matrix.Name, matrix.Rows, matrix.Columns));
        Assert.Equal(Rows.Values, matrix.Values);
        Assert.Equal((35, 50, 1, 6), (matrix[2, 0], matrix[2, 1], matrix[2, 2], matrix[2, 3]));
    }

    [Theory]
    [InlineData(MatType.UInt8, 1)]
    [InlineData(MatType.UInt16, 1)]
    [InlineData(MatType.UInt16, 2)]
    [InlineData(MatType.UInt32, 1)]
    [InlineData(MatType.UInt64, 5)]
    [InlineData(MatType.UInt16, 0)]
    public void Reads_values_that_stand_in_the_tag_itself(MatType storage, int count)
    {
        var values = Enumerable.Range(0, count).Select(i => 250.0 + i).ToArray();
        var matrices = MatFile.Read(MatFileWriter.Write((new MatMatrix("q", 1, count, values), storage), (Rows, MatType.Int32)), "query_IDX.mat");

        Assert.Equal(values, matrices["q"].Values);
        Assert.Equal(Rows.Values, matrices[Rows.Name].Values);
    }

    /// <summary>Of SciPy: `Fixtures/README.md` says how.</summary>
    [Fact]
    public void Reads_lists_of_texts_that_another_library_wrote()
    {
        var file = File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "tests/Shared/Datasets/Fixtures/lists.mat"));

        var lists = MatFile.ReadTexts(file, "lists.mat");

        Assert.Equal(["1_001_1_01.png", "5_049_2_10.png", "", "größe"], Assert.Single(lists, list => list.Key == "filelist").Value);
        Assert.DoesNotContain("mixed", lists.Keys);
        Assert.Equal([1, 1467, 3, 4], MatFile.Read(file, "lists.mat")["labels"].Values);
    }

    [Theory]
    [InlineData("filelist")]
    [InlineData("a", "1_001_1_01.png", "", "größe")]
    public void Reads_back_the_lists_that_it_writes(string name, params string[] texts)
    {
        var file = MatFileWriter.Write(name, texts, Rows);

        Assert.Equal(texts, Assert.Single(MatFile.ReadTexts(file, "lists.mat"), list => list.Key == name).Value);
        Assert.Equal(Rows.Values, Assert.Single(MatFile.Read(file, "lists.mat")).Value.Values);
    }

    /// <summary>Written by hand from the format's description: big-endian, uncompressed, a cell and a complex matrix before the real one.</summary>
    [Fact]
    public void Reads_the_other_byte_order_and_skips_what_is_not_a_real_matrix()
    {
        var header = new byte[128];
        (header[124], header[125], header[126], header[127]) = (1, 0, (byte)'M', (byte)'I');
        byte[] file =
        [
            .. header,
            .. Big(14, [.. Big(6, [0, 0, 0, 1, 0, 0, 0, 0]), .. Big(5, [0, 0, 0, 0, 0, 0, 0, 0]), .. Big(1, "c"u8.ToArray())]),
            .. Big(14, [.. Big(6, [0, 0, 8, 6, 0, 0, 0, 0]), .. Big(5, [0, 0, 0, 1, 0, 0, 0, 1]), .. Big(1, "z"u8.ToArray()), .. Big(2, [1]), .. Big(2, [1])]),
            .. Big(14, [.. Big(6, [0, 0, 0, 6, 0, 0, 0, 0]), .. Big(5, [0, 0, 0, 1, 0, 0, 0, 3]), .. Big(1, "query_IDX"u8.ToArray()), .. Big(3, [255, 254, 16, 34, 0, 7])]),
        ];

        var matrix = Assert.Single(MatFile.Read(file, "q.mat")).Value;

        Assert.Equal("query_IDX", matrix.Name);
        Assert.Equal([-2, 4130, 7], matrix.Values);
    }

    public static TheoryData<string, byte[], string> Wrong()
    {
        var good = MatFileWriter.Write((Rows, MatType.Int32));
        var versionTwo = (byte[])good.Clone();
        (versionTwo[124], versionTwo[125]) = (0, 2);
        return new TheoryData<string, byte[], string>
        {
            { "no bytes", [], "is truncated" },
            { "text", new byte[200], "is not a MATLAB 5.0 file" },
            { "another version", versionTwo, "version 2.0" },
            { "cut", good[..^5], "longer than what is left" },
            { "cut in a tag", good[..132], "inside an element's tag" },
            { "not zlib", [.. good[..136], .. new byte[good.Length - 136]], "cannot be unpacked" },
            { "sizes contradict", MatFileWriter.Write((Rows with { Columns = 5 }, MatType.Int32)), "is 3×5 but holds" },
            { "negative size", MatFileWriter.Write((Rows with { Rows = -3, Columns = -4 }, MatType.Int32)), "is -3×-4 but holds" },
            { "overflowing size", MatFileWriter.Write((Rows with { Rows = int.MaxValue, Columns = int.MaxValue }, MatType.Int32)), "but holds" },
        };
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Refuses_a_file_that_is_wrong(string why, byte[] file, string message)
    {
        var exception = Assert.Throws<MatException>(() => MatFile.Read(file, "tracks.mat"));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("tracks.mat", exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(why);
    }

    [Fact]
    public void Refuses_to_unpack_more_than_its_limit()
    {
        using var bomb = new MemoryStream();
        using (var deflate = new ZLibStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(new byte[64 << 20]);
        }

        var tag = new byte[8];
        tag[0] = 15;
        BinaryPrimitives.WriteInt32LittleEndian(tag.AsSpan(4), (int)bomb.Length);
        byte[] file = [.. MatFileWriter.Write(), .. tag, .. bomb.ToArray()];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var exception = Assert.Throws<MatException>(() => MatFile.Read(file, "bomb.mat", limit: 1 << 20));

        Assert.Contains("more than 1048576 bytes", exception.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Strangers_bytes_are_read_or_refused()
    {
        var compressed = MatFileWriter.Write((Rows, MatType.Int32), (new MatMatrix("query_IDX", 1, 2, [1, 2]), MatType.UInt16));
        byte[] plain = [.. compressed[..128], .. Unpack(compressed)];
        var refused = 0;
        for (var seed = 0; seed < 6000; seed++)
        {
            try
            {
                MatFile.Read(Mutation.Of(seed % 2 == 0 ? compressed : plain, seed), "tracks.mat", limit: 1 << 20);
            }
            catch (MatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 5999);
    }

    private static byte[] Unpack(byte[] file)
    {
        using var plain = new MemoryStream();
        for (var at = 128; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            using var inflate = new ZLibStream(new MemoryStream(file, at + 8, length), CompressionMode.Decompress);
            inflate.CopyTo(plain);
            at += 8 + length;
        }

        return plain.ToArray();
    }

    private static byte[] Big(int type, byte[] bytes)
    {
        var element = new byte[8 + ((bytes.Length + 7) & ~7)];
        BinaryPrimitives.WriteInt32BigEndian(element, type);
        BinaryPrimitives.WriteInt32BigEndian(element.AsSpan(4), bytes.Length);
        bytes.CopyTo(element, 8);
        return element;
    }
}
