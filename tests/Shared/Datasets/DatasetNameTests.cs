using ReidCloud.Datasets;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class DatasetNameTests
{
    [Theory]
    [InlineData("market")]
    [InlineData("duke-video-reid")]
    [InlineData("m1")]
    public void Accepts_short_plain_names(string name) => Assert.True(DatasetName.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-market")]
    [InlineData("Market")]
    [InlineData("mar ket")]
    [InlineData("mar/ket")]
    [InlineData("..")]
    [InlineData("market\n")]
    public void Refuses_everything_else(string? name) => Assert.False(DatasetName.IsValid(name));

    [Fact]
    public void Refuses_names_too_long_for_a_container_rule()
    {
        Assert.True(DatasetName.IsValid(new string('a', 63)));
        Assert.False(DatasetName.IsValid(new string('a', 64)));
    }

    [Theory]
    [InlineData("a.zip")]
    [InlineData("bbox_train/0001/x y.jpg")]
    [InlineData("ü.jpg")]
    public void Accepts_files_inside_the_data_set(string file) => Assert.Null(DatasetName.FaultOfFile(file));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("C:/x")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("a\\b")]
    [InlineData("a\u0000b")]
    [InlineData("a\u007Fb")]
    [InlineData("a.")]
    public void Refuses_files_that_might_lead_elsewhere(string? file) => Assert.NotNull(DatasetName.FaultOfFile(file));

    [Fact]
    public void Refuses_files_with_too_long_a_name()
    {
        Assert.Null(DatasetName.FaultOfFile(new string('a', 512)));
        Assert.NotNull(DatasetName.FaultOfFile(new string('a', 513)));
    }
}
