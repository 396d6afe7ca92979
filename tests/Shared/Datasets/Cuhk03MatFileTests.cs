using ReidCloud.Datasets;

namespace ReidCloud.Tests.Shared.Datasets;

/// <summary>Of a small cuhk-03.mat that HDF5's own library wrote as MATLAB does: `Fixtures/write.py` says which crop has which pixels.</summary>
public sealed class Cuhk03MatFileTests : IDisposable
{
    private readonly FileStream _stream = File.OpenRead(Hdf5FileTests.Fixture("cuhk-03.mat"));
    private readonly Cuhk03MatFile _file;

    public Cuhk03MatFileTests() => _file = Cuhk03MatFile.Open(_stream, "cuhk-03.mat");

    public void Dispose() => _stream.Dispose();

    /// <summary>Person 1 of a pair has a crop in each camera, the others two.</summary>
    [Fact]
    public void Crops_come_row_by_row_without_empty_cells()
    {
        var crops = _file.Crops().ToList();

        Assert.Equal(2 * (2 + 4 + 4 + (4 * 2)), crops.Count);
        Assert.Equal(
            ["1_001_1_01.png", "1_001_2_06.png", "1_002_1_01.png", "1_002_1_02.png", "1_002_2_06.png", "1_002_2_07.png", "1_003_1_01.png", "1_003_1_02.png", "1_003_2_06.png", "1_003_2_07.png", "2_001_1_01.png"],
            crops.Take(11).Select(crop => crop.Name.ToString()));
        Assert.Equal([.. Enumerable.Repeat("detected", 18), .. Enumerable.Repeat("labeled", 18)], crops.Select(crop => crop.Kind));
        Assert.Equal(2 * 10 * 7, _file.Cells);
    }

    /// <summary>MATLAB's columns are HDF5's rows: each pixel stands where it belongs, whatever way a crop is stored in.</summary>
    [Fact]
    public void Every_pixel_is_in_its_place()
    {
        Assert.All(_file.Crops(), crop =>
        {
            Assert.Equal((4 + crop.Name.Person, 7 + crop.Name.Column), (crop.Width, crop.Height));
            for (var y = 0; y < crop.Height; y++)
            {
                for (var x = 0; x < crop.Width; x++)
                {
                    for (var color = 0; color < 3; color++)
                    {
                        var wanted = (crop.Name.Pair * 31) + (crop.Name.Person * 17) + (crop.Name.Column * 7) + (color * 50) + (x * 3) + (y * 5) + crop.Kind.Length;
                        Assert.Equal((byte)wanted, crop.Pixels[(((y * crop.Width) + x) * 3) + color]);
                    }
                }
            }
        });
    }

    [Fact]
    public void The_classic_splits_are_lines_of_split_pair_and_person()
    {
        var lines = _file.TestSets().ToList();

        Assert.Equal(40, lines.Count);
        Assert.Equal(["1 1 1", "1 2 1", "2 1 2", "2 2 1", "3 1 3"], lines.Take(5));
    }

    [Fact]
    public void Another_file_is_refused()
    {
        using var other = File.OpenRead(Hdf5FileTests.Fixture("arrays-earliest.h5"));

        Assert.Contains("lacks the variable 'detected'", Assert.Throws<Hdf5Exception>(() => Cuhk03MatFile.Open(other, "other.mat")).Message, StringComparison.Ordinal);
    }
}
