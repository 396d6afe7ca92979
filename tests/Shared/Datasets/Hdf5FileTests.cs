using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

/// <summary>Of files that HDF5's own library wrote: `Fixtures/README.md` says how.</summary>
public sealed class Hdf5FileTests : IDisposable
{
    private readonly FileStream _stream = File.OpenRead(Fixture("arrays-earliest.h5"));
    private readonly Hdf5File _file;

    public Hdf5FileTests() => _file = Hdf5File.Open(_stream, "arrays.h5");

    public void Dispose() => _stream.Dispose();

    private static double[] Wide { get; } = [.. Enumerable.Range(0, 77).Select(value => value - 40.0)];

    [Fact]
    public void A_group_has_all_its_members()
    {
        var members = _file.Root();

        Assert.Equal(158, members.Count);
        Assert.All(Enumerable.Range(0, 150), member => Assert.Equal(members["single"], members[$"member {member:D3}"]));
    }

    [Theory]
    [InlineData("contiguous")]
    [InlineData("chunked")]
    [InlineData("plain-chunks")]
    public void Arrays_are_the_same_however_they_are_stored(string name)
    {
        var array = _file.Array(_file.Root()[name], name);

        Assert.Equal([7L, 11L], array.Dimensions);
        Assert.Equal(Wide, array.Numbers(100));
    }

    [Fact]
    public void Many_chunks_lie_under_a_tree_of_several_levels() =>
        Assert.Equal(Enumerable.Range(0, 220).Select(value => (double)value), _file.Array(_file.Root()["many-chunks"], "many").Numbers(1000));

    [Fact]
    public void A_single_number_has_no_dimension_and_an_empty_array_no_element()
    {
        var (single, nothing) = (_file.Array(_file.Root()["single"], "single"), _file.Array(_file.Root()["nothing"], "nothing"));

        Assert.Empty(single.Dimensions);
        Assert.Equal([2.5], single.Numbers(1));
        Assert.Equal([0L, 3L], nothing.Dimensions);
        Assert.Empty(nothing.Numbers(1));
    }

    [Theory]
    [InlineData("arrays-earliest.h5", "text", "is not a table of numbers")]
    [InlineData("arrays-earliest.h5", "big-endian", "is not a table of numbers")]
    [InlineData("arrays-earliest.h5", "contiguous", "is not a table of numbers, or of more than 60")]
    [InlineData("refused-earliest.h5", "checked", "packed by filter 3, which is not read here. Save it as MATLAB's save(…, '-v7.3')")]
    [InlineData("refused-earliest.h5", "unwritten", "lacks some of its 9 chunks")]
    [InlineData("refused-latest.h5", "chunked", "stored in a form 2 of version 4")]
    public void What_is_not_read_is_said(string fixture, string name, string complaint)
    {
        using var stream = File.OpenRead(Fixture(fixture));
        var file = Hdf5File.Open(stream, fixture);

        Assert.Contains(complaint, Assert.Throws<Hdf5Exception>(() => file.Array(file.Root()[name], name).Numbers(name == "contiguous" ? 60 : 100)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_form_of_headers_is_read_too()
    {
        using var stream = File.OpenRead(Fixture("arrays-latest.h5"));
        var file = Hdf5File.Open(stream, "latest.h5");

        Assert.Equal(["contiguous", "single"], file.Root().Keys.Order());
        Assert.Equal([0, 1, 2, 3, 4], file.Array(file.Root()["contiguous"], "contiguous").Numbers(5));
        Assert.Equal([-1], file.Array(file.Root()["single"], "single").Numbers(1));
    }

    [Fact]
    public void Reads_only_what_is_asked_for()
    {
        using var counted = new CountedReads(new FileStream(Fixture("cuhk-03.mat"), FileMode.Open, FileAccess.Read));
        var file = Hdf5File.Open(counted, "cuhk-03.mat");
        _ = file.Array(file.Root()["testsets"], "testsets").References(20);

        Assert.InRange(counted.Count, 1000, 8000);
    }

    [Fact]
    public void What_is_no_HDF5_file_is_refused()
    {
        Assert.Contains("is no HDF5 file", Assert.Throws<Hdf5Exception>(() => Hdf5File.Open(new MemoryStream(new byte[5000]), "a.mat")).Message, StringComparison.Ordinal);
        Assert.False(Hdf5File.Begins(new byte[600]));
        Assert.True(Hdf5File.Begins(File.ReadAllBytes(Fixture("cuhk-03.mat"))));
        Assert.True(Hdf5File.Begins(File.ReadAllBytes(Fixture("arrays-latest.h5"))));
    }

    [Fact]
    public void A_file_whose_parts_overlap_is_not_read_over_and_over()
    {
        var bytes = new Hdf5Bytes(new MemoryStream(new byte[100_000]), "a.h5");

        Assert.Contains("its parts overlap", Assert.Throws<Hdf5Exception>(() =>
        {
            for (var piece = 0; piece < 1000; piece++)
            {
                _ = bytes.Read(0, 50_000, "it");
            }
        }).Message, StringComparison.Ordinal);
    }

    internal static string Fixture(string name) => Path.Combine(RepositoryRoot.Path, "tests/Shared/Datasets/Fixtures", name);
}
